// athanor train --audio, and athanor transcribe: speech in, text out.

import type { RunEvent } from '../runs/events.js'
import type { Say } from '../runs/messages/messages.js'
import { runError } from '../runs/run-error.js'
import { runPath, shownPath } from '../runs/run-folder.js'
import type { SpeechMetrics } from '../runs/speech/measure-speech.js'
import type { TrainOptions } from '../runs/train-options.js'
import type { CommandInput } from './command.js'
import { listenForInterrupt } from './interruption.js'
import { textTable } from './output.js'
import { ProgressView } from './progress-view.js'

export async function trainSpeechCommand(
  input: CommandInput,
  data: string | undefined,
  options: TrainOptions,
): Promise<number> {
  const { say, output } = input
  const view = new ProgressView(say, output)
  const interruption = listenForInterrupt(() => output.note(say('interruptedOnce')))
  const { trainSpeech } = await import('../runs/speech/train-speech.js')
  try {
    const run = await trainSpeech(data, {
      ...options,
      lang: say.language,
      signal: interruption.signal,
      onProgress: (event: RunEvent) => view.hear(event),
    })
    if (input.options.json === true) {
      const { name, seconds, ...rest } = run
      output.json({ run: name, ...rest, seconds: Number(seconds.toFixed(3)) })
      return 0
    }
    output.result('')
    output.result(output.style.bold(say('speechResult', { rows: run.rows.test })))
    for (const line of rateLines(run.metrics, say)) output.result(line)
    output.result('')
    output.result(say('runSaved', { path: shownPath(run.path) }))
    output.result(say('reportSaved', { path: shownPath(runPath(run.path, 'report')) }))
    return 0
  } finally {
    interruption.stop()
  }
}

function rateLines(
  metrics: Readonly<Record<'train' | 'validation' | 'test', SpeechMetrics>>,
  say: Say,
): string[] {
  const parts = ['test', 'validation', 'train'] as const
  const rows = [
    [say('characterErrors'), 'characterErrorRate'],
    [say('wordErrors'), 'wordErrorRate'],
    [say('exactTranscripts'), 'exact'],
  ] as const
  return textTable([
    ['', ...parts.map(part => say(part))],
    ...rows.map(([title, name]) => [
      `  ${title}`,
      ...parts.map(part => say.percent(metrics[part][name])),
    ]),
  ])
}

export async function transcribeCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [run, ...files] = input.positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command: 'transcribe' })
  if (files.length === 0) throw runError('ARGUMENT', 'filesMissing')
  const { beams, languageWeight } = input.options as Record<string, number | undefined>
  const { transcribeFiles } = await import('../runs/speech/transcribe-files.js')
  const { path, texts } = await transcribeFiles(run, files, {
    ...(beams === undefined ? {} : { beams }),
    ...(languageWeight === undefined ? {} : { languageWeight }),
  })
  if (input.options.json === true) {
    const transcripts = files.map((file, i) => ({ file, transcript: texts[i] }))
    output.json({ run: path, transcripts })
    return 0
  }
  files.forEach((file, i) => {
    const text = texts[i] === '' ? output.style.dim(say('noSpeech')) : texts[i]
    output.result(files.length === 1 ? text : `${file}: ${text}`)
  })
  return 0
}
