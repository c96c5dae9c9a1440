// athanor train: a table, texts or pictures in, a run's folder out.

import type { RunEvent } from '../runs/events.js'
import { optionName } from '../runs/model-asked.js'
import { runError } from '../runs/run-error.js'
import { runPath, shownPath } from '../runs/run-folder.js'
import type { TrainOptions } from '../runs/train-options.js'
import type { CommandInput } from './command.js'
import { readConfig } from './config-file.js'
import { listenForInterrupt } from './interruption.js'
import { boardLines } from './leaderboard.js'
import { metricLines, ProgressView } from './progress-view.js'
import { allParameters } from './train-parameters.js'

/** What a run may be given that goes on with another or repeats it. */
const withResume: ReadonlySet<string> = new Set(['resume', 'lang', 'json', 'out'])
const withRepeat: ReadonlySet<string> = new Set(['repeat', 'lang', 'json', 'out', 'name'])

export async function trainCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { options, data } = await gather(input)
  const { findRunKind } = await import('../runs/find-kind.js')
  const kind = await findRunKind(data, options)
  if (options.repeat !== undefined && kind !== 'table' && kind !== 'pictures')
    throw runError('ARGUMENT', 'cannotRepeat', { run: options.repeat })
  if (kind === 'languageModel')
    return (await import('./train-language.js')).trainLanguage(input, data, { ...options })
  if (kind === 'speech')
    return (await import('./speech-commands.js')).trainSpeechCommand(input, data, options)
  if (kind === 'text') await checkTextRun(options)
  if (options.resume === undefined && options.repeat === undefined) {
    if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
    if (kind === 'table' && options.target === undefined)
      throw runError('ARGUMENT', 'targetMissing')
  }
  const view = new ProgressView(say, output)
  const interruption = listenForInterrupt(() => output.note(say('interruptedOnce')))
  // The engine, the readers and all the rest load only now, when the input is known to be sound.
  const train =
    kind === 'text'
      ? ((await import('../runs/text/text-classifier-run.js')).trainTextClassifier as Train)
      : (await import('../runs/train.js')).train
  try {
    const run = await train(data, {
      ...options,
      lang: say.language,
      signal: interruption.signal,
      onProgress: (event: RunEvent) => view.hear(event),
    })
    const report = shownPath(runPath(run.path, 'report'))
    if (input.options.json === true) {
      output.json({
        run: run.name,
        path: run.path,
        task: run.task,
        target: run.target,
        model: run.model,
        metrics: run.metrics,
        baseline: run.baseline,
        epochs: run.epochs,
        seconds: Number(run.seconds.toFixed(3)),
        executor: run.executor,
        leaderboard: run.leaderboard,
        learningCurve: run.learningCurve,
      })
      return 0
    }
    const { test } = run.metrics
    output.result('')
    if (run.leaderboard.length > 0) {
      for (const line of boardLines(run.leaderboard, run.learningCurve, say)) output.result(line)
      output.result('')
    }
    output.result(output.style.bold(say('resultTitle', { rows: await testRows(run.path) })))
    const columns = [
      [say('model'), test],
      [say('linear'), run.baseline.linear],
      [say('dummy'), run.baseline.dummy],
    ] as const
    for (const line of metricLines(columns, say)) output.result(line)
    output.result('')
    output.result(say('runSaved', { path: shownPath(run.path) }))
    output.result(say('reportSaved', { path: report }))
    return 0
  } finally {
    interruption.stop()
  }
}

type Train = typeof import('../runs/train.js').train

/** Errors: ARGUMENT for an option that texts do not take. */
async function checkTextRun(options: TrainOptions): Promise<void> {
  const { textParameters } = await import('../runs/text/text-options.js')
  const other = Object.keys(options).find(name => !Object.hasOwn(textParameters, name))
  if (other !== undefined)
    throw runError('ARGUMENT', 'optionNotForTask', { option: optionName(other), task: '--text' })
}

async function testRows(path: string): Promise<number> {
  const { readManifest } = await import('../runs/run-folder.js')
  return (await readManifest(path)).split.test
}

async function gather(
  input: CommandInput,
): Promise<{ options: TrainOptions; data: string | undefined }> {
  const { config, json: _json, help: _help, ...given } = input.options
  const fromFile = config === undefined ? {} : await readConfig(String(config))
  const { data: dataInFile, ...optionsInFile } = fromFile
  const options = { ...optionsInFile, ...given } as TrainOptions
  const data = input.positionals[0] ?? (dataInFile as string | undefined)
  if (options.resume !== undefined || options.repeat !== undefined) {
    const isResumed = options.resume !== undefined
    const allowed = isResumed ? withResume : withRepeat
    const others = Object.keys(options).filter(name => name in allParameters && !allowed.has(name))
    if (others.length > 0)
      throw runError('ARGUMENT', isResumed ? 'resumeOptions' : 'repeatOptions', {
        options: others
          .map(name => `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`)
          .join(', '),
      })
  }
  return { options, data }
}
