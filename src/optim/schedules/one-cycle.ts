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
