// Losses by name.

import { byName } from '../../base/by-name.js'
import { binaryCrossentropy } from './binary-crossentropy.js'
import { categoricalCrossentropy } from './categorical-crossentropy.js'
import { ctc } from './ctc.js'
import {
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  sparseCategoricalFocalCrossentropy,
} from './focal.js'
import { categoricalHinge, hinge, squaredHinge } from './hinge.js'
import { huber } from './huber.js'
import { klDivergence } from './kl-divergence.js'
import { logCosh } from './log-cosh.js'
import type { LossFunction } from './loss.js'
import { meanAbsoluteError } from './mean-absolute-error.js'
import { meanSquaredError } from './mean-squared-error.js'
import { poisson } from './poisson.js'
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js'

export type { BinaryCrossentropyOptions } from './binary-crossentropy.js'
export type { CategoricalCrossentropyOptions } from './categorical-crossentropy.js'
export type { CtcOptions } from './ctc.js'
export type { BinaryFocalCrossentropyOptions, FocalOptions } from './focal.js'
export type { HuberOptions } from './huber.js'
export type {
  ClassLossOptions,
  ClassWeight,
  LossFunction,
  LossOptions,
  Reduction,
} from './loss.js'
export type { SparseCategoricalCrossentropyOptions } from './sparse-categorical-crossentropy.js'
export {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalHinge,
  ctc,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  sparseCategoricalCrossentropy,
  sparseCategoricalFocalCrossentropy,
  squaredHinge,
}

const functions = {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalHinge,
  ctc,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  sparseCategoricalCrossentropy,
  sparseCategoricalFocalCrossentropy,
  squaredHinge,
} satisfies Record<string, LossFunction>

/** Names under which losses are found. */
export type LossName = keyof typeof functions

/** A loss: its name or a function of targets and predictions. */
export type LossLike = LossName | LossFunction

/**
 * @throws AthanorError ARGUMENT for an unknown name.
 *
 * @example
 * ```ts
 * losses.getLoss('huber')([0], [1])
 * ```
 */
export function getLoss(loss: LossLike): LossFunction {
  return typeof loss === 'function' ? loss : byName<LossFunction>('loss', loss, functions)
}
