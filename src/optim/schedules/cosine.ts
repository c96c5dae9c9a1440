// Rates that follow a cosine (Loshchilov and Hutter 2016, "SGDR").

import { OptionTable, required } from '../../base/options.js'
import { numberIn, orNull } from '../../base/value-kinds.js'
import { type Schedule, someRate, withConfig } from '../schedule.js'

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

const cosineOptions = new OptionTable<CosineOptions>({
  initialLearningRate: required(someRate),
  decaySteps: required(numberIn({ min: 1 })),
  alpha: numberIn({ min: 0, max: 1 }),
  warmupTarget: orNull(someRate),
  warmupSteps: numberIn({ min: 0 }),
})

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
  const given = cosineOptions.check('schedules.cosine', options)
  const { initialLearningRate: initial, decaySteps: steps, alpha = 0 } = given
  const { warmupTarget: target = null, warmupSteps: warmup = 0 } = given
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

const cosineRestartsOptions = new OptionTable<CosineRestartsOptions>({
  initialLearningRate: required(someRate),
  firstDecaySteps: required(numberIn({ min: 1 })),
  tMul: numberIn({ min: 1 }),
  mMul: numberIn({ min: 0 }),
  alpha: numberIn({ min: 0, max: 1 }),
})

/**
 * A cosine that starts anew after firstDecaySteps, then after tMul times as many, …
 *
 * @example
 * ```ts
 * optim.schedules.cosineRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000 })
 * ```
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const given = cosineRestartsOptions.check('schedules.cosineRestarts', options)
  const { initialLearningRate: initial, firstDecaySteps: first } = given
  const { tMul = 2, mMul = 1, alpha = 0 } = given
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
