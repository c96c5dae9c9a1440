// Losses by name.

import { byName } from '../../base/by-name.js'
import type { LossFunction } from './loss.js'
import { meanSquaredError } from './mean-squared-error.js'
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js'

export type {
  ClassLossOptions,
  ClassWeight,
  LossFunction,
  LossOptions,
  Reduction,
} from './loss.js'
export type { SparseCategoricalCrossentropyOptions } from './sparse-categorical-crossentropy.js'
export { meanSquaredError, sparseCategoricalCrossentropy }

const functions = {
  meanSquaredError,
  sparseCategoricalCrossentropy,
} satisfies Record<string, LossFunction>

export type LossName = keyof typeof functions

/** A loss: its name or a function of targets and predictions. */
export type Loss = LossName | LossFunction

/** @throws AthanorError ARGUMENT for an unknown name. */
export function getLoss(loss: Loss): LossFunction {
  return typeof loss === 'function' ? loss : byName<LossFunction>('loss', loss, functions)
}
