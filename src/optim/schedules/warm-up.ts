// A linear rise before another schedule (Goyal et al. 2017).

import { OptionTable, required } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import { type LearningRate, rateOrSchedule, type Schedule, withConfig } from '../schedule.js'

/** Options of `schedules.warmUp`. */
export interface WarmUpOptions {
  /** The rate to rise to, or the schedule that follows; it starts when the warm-up ends. */
  readonly learningRate: LearningRate
  /** Steps of the rise. */
  readonly warmupSteps: number
  /** Share of the rate at step 0. Default: 0. (PyTorch's LinearLR: ⅓.) */
  readonly startFactor?: number
}

const warmUpOptions = new OptionTable<WarmUpOptions>({
  learningRate: required(rateOrSchedule),
  warmupSteps: required(numberIn({ min: 0 })),
  startFactor: numberIn({ min: 0, max: 1 }),
})

/**
 * Rises linearly from startFactor · rate over warmupSteps, then goes on with the rate or schedule.
 *
 * @example
 * ```ts
 * schedules.warmUp({
 *   warmupSteps: 500,
 *   learningRate: schedules.cosine({ initialLearningRate: 0.003, decaySteps: 10_000 }),
 * })
 * ```
 */
export function warmUp(options: WarmUpOptions): Schedule {
  const given = warmUpOptions.check('schedules.warmUp', options)
  const { learningRate, warmupSteps: steps, startFactor = 0 } = given
  const after = typeof learningRate === 'number' ? () => learningRate : learningRate
  const saved = typeof learningRate === 'number' ? learningRate : (learningRate.config ?? null)
  return withConfig('warmUp', { ...options, learningRate: saved }, i => {
    if (i >= steps) return after(i - steps)
    return after(0) * (startFactor + ((1 - startFactor) * i) / steps)
  })
}
