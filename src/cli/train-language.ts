// athanor train --task language-model: a text file in, a run's folder out.

import type { RunEvent } from '../runs/events.js'
import type { Say } from '../runs/messages/messages.js'
import { optionName } from '../runs/model-asked.js'
import { runError } from '../runs/run-error.js'
import { runPath, shownPath } from '../runs/run-folder.js'
import type { LanguageMeasures } from '../runs/text/language-manifest.js'
import { type LanguageModelOptions, languageParameters } from '../runs/text/language-options.js'
import type { CommandInput } from './command.js'
import { listenForInterrupt } from './interruption.js'
import { textTable } from './output.js'
import { ProgressView } from './progress-view.js'

export async function trainLanguage(
  input: CommandInput,
  data: string | undefined,
  given: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { say, output } = input
  const { task: _, ...options } = given
  const other = Object.keys(options).find(name => !Object.hasOwn(languageParameters, name))
  if (other !== undefined)
    throw runError('ARGUMENT', 'optionNotForTask', {
      option: optionName(other),
      task: '--task language-model',
    })
  if (data === undefined && options.resume === undefined)
    throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  const view = new ProgressView(say, output)
  const interruption = listenForInterrupt(() => output.note(say('interruptedOnce')))
  const { trainLanguageModel } = await import('../runs/text/language-run.js')
  try {
    const run = await trainLanguageModel(data, {
      ...(options as LanguageModelOptions),
      lang: say.language,
      signal: interruption.signal,
      onProgress: (event: RunEvent) => view.hear(event),
    })
    if (input.options.json === true) {
      const { name, seconds, ...rest } = run
      output.json({ run: name, ...rest, seconds: Number(seconds.toFixed(3)) })
      return 0
    }
    const { characters } = run.measures.model.test
    output.result('')
    output.result(output.style.bold(say('languageTestTitle', { characters })))
    for (const line of measureLines(run.measures, say)) output.result(line)
    output.result('')
    output.result(say('runSaved', { path: shownPath(run.path) }))
    output.result(say('reportSaved', { path: shownPath(runPath(run.path, 'report')) }))
    return 0
  } finally {
    interruption.stop()
  }
}

function measureLines({ model, ngram, unigram }: LanguageMeasures, say: Say): string[] {
  const columns = [
    [say('model'), model.test],
    [say('ngramModel', { order: ngram.order }), ngram.test],
    [say('unigramModel'), unigram.test],
  ] as const
  return textTable([
    ['', ...columns.map(([name]) => name)],
    [
      `  ${say('bitsPerCharacter')}`,
      ...columns.map(([, { bitsPerCharacter }]) => bitsPerCharacter.toFixed(3)),
    ],
    [`  ${say('perplexity')}`, ...columns.map(([, { perplexity }]) => perplexity.toFixed(2))],
  ])
}
