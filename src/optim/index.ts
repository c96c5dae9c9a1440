// Optimizers by name.

import { byName } from '../base/by-name.js'
import { Adagrad, adagrad } from './adagrad.js'
import { Adam, AdamW, adam, adamW } from './adam.js'
import { Optimizer } from './optimizer.js'
import { Rmsprop, rmsprop } from './rmsprop.js'
import { GradientDescent, gradientDescent, Sgd, sgd } from './sgd.js'

export type { AdagradOptions } from './adagrad.js'
export type { AdamOptions } from './adam.js'
export type { ClippingOptions } from './clipping.js'
export type {
  EmaOptions,
  OptimizerOptions,
  OptimizerState,
} from './optimizer.js'
export type { ParameterGroup, Parameters } from './parameter-groups.js'
export type { RmspropOptions } from './rmsprop.js'
export type { LearningRate, Schedule, ScheduleConfig } from './schedule.js'
export * as schedules from './schedules/index.js'
export type { SgdOptions } from './sgd.js'
export {
  Adagrad,
  Adam,
  AdamW,
  adagrad,
  adam,
  adamW,
  GradientDescent,
  gradientDescent,
  Optimizer,
  Rmsprop,
  rmsprop,
  Sgd,
  sgd,
}

const makers = { adagrad, adam, adamW, gradientDescent, rmsprop, sgd } satisfies Record<
  string,
  () => Optimizer
>

/** Names under which optimizers are found. */
export type OptimizerName = keyof typeof makers

/** An optimizer or its name. */
export type OptimizerLike = OptimizerName | Optimizer

/**
 * An optimizer without parameters by its name; an optimizer is returned as it is.
 *
 * @throws AthanorError ARGUMENT for an unknown name.
 * @example
 * ```ts
 * optim.getOptimizer('adam').learningRate // 0.001
 * ```
 */
export function getOptimizer(optimizer: OptimizerLike): Optimizer {
  if (optimizer instanceof Optimizer) return optimizer
  return byName<() => Optimizer>('optimizer', optimizer, makers)()
}
