// A learning rate for the net that `train` would make of these data: what `athanor lr` does, from code.

import type { AnyOptions } from './any-options.js'
import { findRunKind } from './find-kind.js'
import { courseOf } from './kind-courses.js'
import { isTableModel } from './model-asked.js'
import type { SuggestedLearningRate } from './rate-test.js'
import type { DataSource } from './read-data.js'
import { runError } from './run-error.js'
import type { SpeechOptions } from './speech/speech-settings.js'
import type { LanguageModelOptions } from './text/language-options.js'
import type { TextRunOptions } from './text/text-options.js'
import type { TrainOptions } from './train-options.js'

/** What the range test does not take: it has rates of its own, and leaves no run. */
type NotOfRates = 'out' | 'name' | 'resume' | 'repeat' | 'lang' | 'learningRate' | 'schedule'

/** Options of `suggestLearningRate`: those of `train` that concern the data and the net. */
export type SuggestLearningRateOptions =
  | Omit<TrainOptions, NotOfRates>
  | Omit<TextRunOptions, NotOfRates>
  | Omit<LanguageModelOptions, NotOfRates>
  | Omit<SpeechOptions, NotOfRates>

/**
 * The range test of learning rates for the net that `train` would make of these data with these options: see
 * `findLearningRate`. Nothing is written.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong, and for models
 * that have no learning rate; INTERRUPTED after `signal`.
 * @example
 * ```ts
 * const { suggestion, svg } = await suggestLearningRate('customers.csv', { target: 'churn' })
 * ```
 */
export async function suggestLearningRate(
  data: DataSource,
  options: SuggestLearningRateOptions = {},
): Promise<SuggestedLearningRate> {
  const kind = await findRunKind(data, options as AnyOptions)
  if (kind !== 'table') return (await courseOf(kind, options as AnyOptions)).suggest(data)
  const { model = 'neural' } = options as TrainOptions
  if (isTableModel(model) && model !== 'neural')
    throw runError('ARGUMENT', 'noLearningRate', { model })
  return (await courseOf(kind, { ...options, model } as AnyOptions)).suggest(data)
}
