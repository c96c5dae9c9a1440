// One rise and one fall (Smith and Topin 2017, "Super-convergence"), in PyTorch's two phases.

import { OptionTable, required } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import { type Schedule, someRate, withConfig } from '../schedule.js'

/** Options of `schedules.oneCycle`. */
export interface OneCycleOptions {
  readonly maxLearningRate: number
  /** Steps of the whole cycle; the last of them has the lowest rate. */
  readonly totalSteps: number
  /** Share of the steps that rise. Default: 0.3. */
  readonly warmupFraction?: number
  /** First rate: maximum / divFactor. Default: 25. */
  readonly divFactor?: number
  /** Last rate: first / finalDivFactor. Default: 10,000. */
  readonly finalDivFactor?: number
  /** Form of rise and fall. Default: cosine. */
  readonly anneal?: 'cosine' | 'linear'
}

const oneCycleOptions = new OptionTable<OneCycleOptions>({
  maxLearningRate: required(someRate),
  totalSteps: required(numberIn({ min: 2 })),
  warmupFraction: numberIn({ min: 0, max: 1 }),
  divFactor: numberIn({ min: 1 }),
  finalDivFactor: numberIn({ min: 1 }),
  anneal: oneOf(['cosine', 'linear']),
})

const forms: Record<NonNullable<OneCycleOptions['anneal']>, (done: number) => number> = {
  cosine: done => 0.5 * (1 - Math.cos(Math.PI * done)),
  linear: done => done,
}

/**
 * Rises from max/divFactor to max, then falls to max/(divFactor · finalDivFactor).
 *
 * @example
 * ```ts
 * optim.sgd({ learningRate: optim.schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: 5000 }) })
 * ```
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const given = oneCycleOptions.check('schedules.oneCycle', options)
  const { maxLearningRate: maximum, totalSteps: total, warmupFraction: fraction = 0.3 } = given
  const { divFactor = 25, finalDivFactor: factor = 1e4, anneal = 'cosine' } = given
  const first = maximum / divFactor
  const form = forms[anneal]
  const peak = Math.max(0, fraction * total - 1)
  const end = total - 1
  const last = first / factor
  return withConfig('oneCycle', options, i => {
    if (i <= peak && peak > 0) return first + (maximum - first) * form(i / peak)
    const done = Math.min(1, (i - peak) / Math.max(end - peak, Number.MIN_VALUE))
    return maximum + (last - maximum) * form(done)
  })
}

/** Options of `schedules.oneCycleMomentum`. */
export interface OneCycleMomentumOptions {
  /** Steps of the whole cycle, as in `oneCycle`. */
  readonly totalSteps: number
  /** At the start and at the end, where the rate is low. Default: 0.95. */
  readonly maxMomentum?: number
  /** At the peak of the rate. Default: 0.85. */
  readonly baseMomentum?: number
  /** Share of the steps in which the rate rises. Default: 0.3. */
  readonly warmupFraction?: number
  /** Form of fall and rise. Default: cosine. */
  readonly anneal?: 'cosine' | 'linear'
}

const momentumOptions = new OptionTable<OneCycleMomentumOptions>({
  totalSteps: required(numberIn({ min: 2 })),
  maxMomentum: numberIn({ min: 0, max: 1 }),
  baseMomentum: numberIn({ min: 0, max: 1 }),
  warmupFraction: numberIn({ min: 0, max: 1 }),
  anneal: oneOf(['cosine', 'linear']),
})

/**
 * The momentum that goes with `oneCycle`: falls while the rate rises, and rises while it falls. For
 * `momentum` of SGD and `beta1` of Adam.
 *
 * @example
 * ```ts
 * const totalSteps = 5000
 * optim.sgd({
 *   learningRate: optim.schedules.oneCycle({ maxLearningRate: 0.1, totalSteps }),
 *   momentum: optim.schedules.oneCycleMomentum({ totalSteps }),
 * })
 * ```
 */
export function oneCycleMomentum(options: OneCycleMomentumOptions): Schedule {
  const given = momentumOptions.check('schedules.oneCycleMomentum', options)
  const { totalSteps: total, maxMomentum = 0.95, baseMomentum = 0.85 } = given
  const { warmupFraction: fraction = 0.3, anneal = 'cosine' } = given
  const form = forms[anneal]
  const peak = Math.max(0, fraction * total - 1)
  const span = Math.max(total - 1 - peak, Number.MIN_VALUE)
  return withConfig('oneCycleMomentum', options, i => {
    if (i <= peak && peak > 0) return maxMomentum + (baseMomentum - maxMomentum) * form(i / peak)
    return baseMomentum + (maxMomentum - baseMomentum) * form(Math.min(1, (i - peak) / span))
  })
}
