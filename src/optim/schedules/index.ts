// Schedules by name.

import { byName } from '../../base/by-name.js'
import { argumentError } from '../../base/errors.js'
import type { LearningRate, Schedule, ScheduleConfig } from '../schedule.js'
import { constant, piecewiseConstant } from './constant.js'
import { cosine, cosineRestarts } from './cosine.js'
import { exponential, inverseTime, polynomial, step } from './decay.js'
import { oneCycle, oneCycleMomentum } from './one-cycle.js'
import { warmUp } from './warm-up.js'

export type { ConstantOptions, PiecewiseConstantOptions } from './constant.js'
export type { CosineOptions, CosineRestartsOptions } from './cosine.js'
export type { ExponentialOptions, PolynomialOptions, StepOptions } from './decay.js'
export type { OneCycleMomentumOptions, OneCycleOptions } from './one-cycle.js'
export {
  type PlateauOptions,
  type PlateauState,
  ReduceOnPlateau,
  reduceOnPlateau,
} from './reduce-on-plateau.js'
export type { WarmUpOptions } from './warm-up.js'
export {
  constant,
  cosine,
  cosineRestarts,
  exponential,
  inverseTime,
  oneCycle,
  oneCycleMomentum,
  piecewiseConstant,
  polynomial,
  step,
  warmUp,
}

const makers = {
  constant,
  cosine,
  cosineRestarts,
  exponential,
  inverseTime,
  oneCycle,
  oneCycleMomentum,
  piecewiseConstant,
  polynomial,
  step,
  warmUp,
}

/** Names under which schedules are found. */
export type ScheduleName = keyof typeof makers

/**
 * The schedule that `schedule.config` described.
 *
 * @throws AthanorError ARGUMENT for an unknown name or options that are wrong.
 */
export function scheduleFromConfig(config: ScheduleConfig): Schedule {
  const make = byName<(options: never) => Schedule>('schedule', config.name, makers)
  const { learningRate, ...options } = config.options
  if (learningRate === undefined) return make(options as never)
  if (learningRate === null)
    throw argumentError(
      'reading a schedule',
      'schedules of the library',
      'a plain function',
      'Use optim.schedules.* in runs that are saved',
    )
  const inner: LearningRate =
    typeof learningRate === 'number'
      ? learningRate
      : scheduleFromConfig(learningRate as ScheduleConfig)
  return make({ ...options, learningRate: inner } as never)
}
