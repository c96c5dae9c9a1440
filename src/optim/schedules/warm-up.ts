// A linear rise before another schedule (Goyal et al. 2017).

import {
  checkNumber,
  checkRate,
  type LearningRate,
  type Schedule,
  withConfig,
} from '../schedule.js'

/** Options of `schedules.warmUp`. */
export interface WarmUpOptions {
  /** The rate to rise to, or the schedule that follows; it starts when the warm-up ends. */
  readonly learningRate: LearningRate
  /** Steps of the rise. */
  readonly warmupSteps: number
  /** Share of the rate at step 0. Default: 0. (PyTorch's LinearLR: ⅓.) */
  readonly startFactor?: number
}

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
  const { learningRate, startFactor = 0 } = options
  const steps = checkNumber('schedules.warmUp', 'warmupSteps', options.warmupSteps, 0)
  checkNumber('schedules.warmUp', 'startFactor', startFactor, 0, 1)
  if (typeof learningRate === 'number') checkRate('schedules.warmUp', learningRate)
  const after = typeof learningRate === 'number' ? () => learningRate : learningRate
  const saved = typeof learningRate === 'number' ? learningRate : (learningRate.config ?? null)
  return withConfig('warmUp', { ...options, learningRate: saved }, i => {
    if (i >= steps) return after(i - steps)
    return after(0) * (startFactor + ((1 - startFactor) * i) / steps)
  })
}
