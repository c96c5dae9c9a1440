// athanor lr: a learning rate for the net that `train` would make, with the curve as a picture.

import type { AnyOptions } from '../runs/any-options.js'
import type { RunEvent } from '../runs/events.js'
import { findRunKind } from '../runs/find-kind.js'
import { checkRunOptions } from '../runs/kind-options.js'
import { optionName } from '../runs/option-name.js'
import { rateText } from '../runs/rate-text.js'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import { writeDurably } from '../runs/storage.js'
import { targetMissing } from '../runs/target-missing.js'
import type { CommandInput } from './command.js'
import { fileFor } from './file-name.js'
import { interruptible } from './interruption.js'
import { ProgressView } from './progress-view.js'

export async function lrCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [data] = input.positionals
  const { json, help: _help, lang: _lang, out, ...rest } = input.options
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'lr' })
  const options = rest as AnyOptions
  const kind = await findRunKind(data, options)
  checkRunOptions(kind, options, optionName)
  const hasTarget = rest.target !== undefined
  if ((kind === 'table' || kind === 'text') && !hasTarget) throw await targetMissing(data)
  const view = new ProgressView(say, output)
  const found = await interruptible(async signal => {
    const { suggestLearningRate } = await import('../runs/suggest-learning-rate.js')
    const onProgress = (event: RunEvent) => view.hear(event)
    return suggestLearningRate(data, { ...options, signal, onProgress })
  })
  const picture = typeof out === 'string' ? out : fileFor(data, 'data', 'learning-rate.svg')
  await writeDurably(picture, found.svg())
  const { svg: _, ...values } = found
  if (json === true) {
    output.json({ ...values, picture })
    return 0
  }
  const { suggestion, suggestedBy, standard } = found
  output.result(rateText({ rate: suggestion ?? standard, suggestedBy, standard }, say))
  output.result(say('lrPicture', { path: shownPath(picture) }))
  return 0
}
