// Rates that follow a cosine (Loshchilov and Hutter 2016, "SGDR").

import { checkNumber, checkRate, type Schedule, withConfig } from '../schedule.js'

/** Options of `schedules.cosine`. */
export interface CosineOptions {
  readonly initialLearningRate: number
  /** Steps from the highest rate to the lowest. */
  readonly decaySteps: number
  /** The lowest rate as a share of the highest. Default: 0. */
  readonly alpha?: number
  /** The rate that a warm-up before it rises to, from the initial one. Default: no warm-up. */
  readonly warmupTarget?: number | null
  /** Default: 0. */
  readonly warmupSteps?: number
}

/** Half a cosine from 1 to 0, held above alpha. */
function fall(done: number, alpha: number, height = 1): number {
  return (1 - alpha) * 0.5 * height * (1 + Math.cos(Math.PI * done)) + alpha
}

/**
 * initial · ((1 − alpha) · ½(1 + cos(π · i / decaySteps)) + alpha), then the lowest rate.
 *
 * @example
 * ```ts
 * optim.adam({ learningRate: schedules.cosine({ initialLearningRate: 0.003, decaySteps: 10_000 }) })
 * ```
 */
export function cosine(options: CosineOptions): Schedule {
  const operation = 'schedules.cosine'
  const initial = checkRate(operation, options.initialLearningRate)
  const steps = checkNumber(operation, 'decaySteps', options.decaySteps, 1)
  const alpha = checkNumber(operation, 'alpha', options.alpha ?? 0, 0, 1)
  const target = options.warmupTarget ?? null
  const warmup = checkNumber(operation, 'warmupSteps', options.warmupSteps ?? 0, 0)
  if (target !== null) checkRate(operation, target)
  return withConfig('cosine', options, i => {
    if (target === null) return initial * fall(Math.min(i, steps) / steps, alpha)
    if (i < warmup) return initial + ((target - initial) * i) / warmup
    return target * fall(Math.min(i - warmup, steps) / steps, alpha)
  })
}

/** Options of `schedules.cosineRestarts`. */
export interface CosineRestartsOptions {
  readonly initialLearningRate: number
  /** Length of the first period. */
  readonly firstDecaySteps: number
  /** Each period is this much longer than the one before. Default: 2. */
  readonly tMul?: number
  /** Each period starts this much lower. Default: 1. */
  readonly mMul?: number
  /** The lowest rate as a share of the initial one. Default: 0. */
  readonly alpha?: number
}

/**
 * A cosine that starts anew after firstDecaySteps, then after tMul times as many, …
 *
 * @example
 * ```ts
 * optim.schedules.cosineRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000 })
 * ```
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const operation = 'schedules.cosineRestarts'
  const initial = checkRate(operation, options.initialLearningRate)
  const first = checkNumber(operation, 'firstDecaySteps', options.firstDecaySteps, 1)
  const tMul = checkNumber(operation, 'tMul', options.tMul ?? 2, 1)
  const mMul = checkNumber(operation, 'mMul', options.mMul ?? 1, 0)
  const alpha = checkNumber(operation, 'alpha', options.alpha ?? 0, 0, 1)
  return withConfig('cosineRestarts', options, i => {
    let restarts = 0
    let length = first
    let rest = i
    if (tMul === 1) {
      restarts = Math.floor(i / first)
      rest = i - restarts * first
    } else
      while (rest >= length) {
        rest -= length
        length *= tMul
        restarts++
      }
    return initial * fall(rest / length, alpha, mMul ** restarts)
  })
}
