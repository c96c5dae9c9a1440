// athanor train: a table, pictures, texts or recordings in, a run's folder out.

import { AthanorError } from '../base/errors.js'
import type { AnyOptions } from '../runs/any-options.js'
import type { RunEvent } from '../runs/events.js'
import { checkRunOptions } from '../runs/kind-options.js'
import { optionName } from '../runs/option-name.js'
import { runError } from '../runs/run-error.js'
import { runPath, shownPath } from '../runs/run-folder.js'
import { targetMissing } from '../runs/target-missing.js'
import type { TrainOptions } from '../runs/train-options.js'
import type { CommandInput } from './command.js'
import { readConfig } from './config-file.js'
import { interruptible } from './interruption.js'
import { ProgressView } from './progress-view.js'
import { finishedJson, type StartedEvent, stoppedJson } from './run-json.js'
import { runLines } from './run-lines.js'
import { allParameters } from './train-parameters.js'

/** What a run may be given that goes on with another or repeats it. */
const withResume: ReadonlySet<string> = new Set(['resume', 'lang', 'json', 'out'])
const withRepeat: ReadonlySet<string> = new Set(['repeat', 'lang', 'json', 'out', 'name'])

export async function trainCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { options, data } = await gather(input)
  const { findRunKind } = await import('../runs/find-kind.js')
  const kind = await findRunKind(data, options)
  checkRunOptions(kind, options, optionName)
  const isNew = options.resume === undefined && options.repeat === undefined
  if (isNew && data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  const hasTarget = (options as TrainOptions).target !== undefined
  if (isNew && (kind === 'table' || kind === 'text') && !hasTarget) throw await targetMissing(data)
  const view = new ProgressView(say, output)
  const isJson = input.options.json === true
  let started: StartedEvent | undefined
  const run = await interruptible(
    async signal => {
      // The engine, the readers and all the rest load only now, when the input is known to be sound.
      const { train } = await import('../runs/train.js')
      return train(data, {
        ...options,
        lang: say.language,
        signal,
        onProgress: (event: RunEvent) => {
          if (event.type === 'started') started = event
          view.hear(event)
        },
      })
    },
    () => output.note(say('interruptedOnce')),
  ).catch(async error => {
    if (isJson && error instanceof AthanorError && error.code === 'INTERRUPTED')
      output.json(await stoppedJson(options, started))
    throw error
  })
  if (isJson) {
    output.json(await finishedJson(run))
    return 0
  }
  output.result('')
  for (const line of await runLines(run, say, output)) output.result(line)
  output.result('')
  output.result(say('runSaved', { path: shownPath(run.path) }))
  output.result(say('reportSaved', { path: shownPath(runPath(run.path, 'report')) }))
  return 0
}

async function gather(
  input: CommandInput,
): Promise<{ options: AnyOptions; data: string | undefined }> {
  const { config, json: _json, help: _help, ...given } = input.options
  const fromFile = config === undefined ? {} : await readConfig(String(config))
  const { data: dataInFile, ...optionsInFile } = fromFile
  const options = { ...optionsInFile, ...given } as AnyOptions
  const data = input.positionals[0] ?? (dataInFile as string | undefined)
  if (options.resume !== undefined || options.repeat !== undefined) {
    const isResumed = options.resume !== undefined
    const allowed = isResumed ? withResume : withRepeat
    const others = Object.keys(options).filter(name => name in allParameters && !allowed.has(name))
    if (others.length > 0)
      throw runError('ARGUMENT', isResumed ? 'resumeOptions' : 'repeatOptions', {
        options: others.map(optionName).join(', '),
      })
  }
  return { options, data }
}
