// Rates that fall by a rule: in steps, exponentially, as 1/t, along a polynomial.

import { OptionTable, required } from '../../base/options.js'
import { numberIn, trueOrFalse } from '../../base/value-kinds.js'
import { type Schedule, someRate, withConfig } from '../schedule.js'

/** Options of `schedules.step`. */
export interface StepOptions {
  readonly initialLearningRate: number
  /** Steps between two drops. */
  readonly stepSize: number
  /** Factor at each drop. Default: 0.1. */
  readonly gamma?: number
}

const stepOptions = new OptionTable<StepOptions>({
  initialLearningRate: required(someRate),
  stepSize: required(numberIn({ min: 1 })),
  gamma: numberIn({ min: 0 }),
})

/**
 * initial · gamma^⌊i / stepSize⌋. PyTorch's `StepLR`.
 *
 * @example
 * ```ts
 * optim.schedules.step({ initialLearningRate: 0.1, stepSize: 1000, gamma: 0.5 })(1500) // 0.05
 * ```
 */
export function step(options: StepOptions): Schedule {
  const given = stepOptions.check('schedules.step', options)
  const { initialLearningRate: initial, stepSize: size, gamma = 0.1 } = given
  return withConfig('step', options, i => initial * gamma ** Math.floor(i / size))
}

/** Options of `schedules.exponential`. */
export interface ExponentialOptions {
  readonly initialLearningRate: number
  readonly decaySteps: number
  /** Factor over decaySteps steps. */
  readonly decayRate: number
  /** Fall in steps. Default: false. */
  readonly staircase?: boolean
}

const exponentialOptions = new OptionTable<ExponentialOptions>({
  initialLearningRate: required(someRate),
  decaySteps: required(numberIn({ min: 1 })),
  decayRate: required(numberIn({ min: 0 })),
  staircase: trueOrFalse,
})

/**
 * initial · decayRate^(i / decaySteps).
 *
 * @example
 * ```ts
 * optim.schedules.exponential({ initialLearningRate: 0.1, decaySteps: 100, decayRate: 0.9 })(100) // 0.09
 * ```
 */
export function exponential(options: ExponentialOptions): Schedule {
  const given = exponentialOptions.check('schedules.exponential', options)
  const { initialLearningRate: initial, decaySteps: steps, decayRate: rate } = given
  const place = staircase(given.staircase)
  return withConfig('exponential', options, i => initial * rate ** place(i / steps))
}

/**
 * initial / (1 + decayRate · i / decaySteps).
 *
 * @example
 * ```ts
 * optim.schedules.inverseTime({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 1 })(3) // 0.025
 * ```
 */
export function inverseTime(options: ExponentialOptions): Schedule {
  const given = exponentialOptions.check('schedules.inverseTime', options)
  const { initialLearningRate: initial, decaySteps: steps, decayRate: rate } = given
  const place = staircase(given.staircase)
  return withConfig('inverseTime', options, i => initial / (1 + rate * place(i / steps)))
}

function staircase(on = false): (x: number) => number {
  return on ? Math.floor : x => x
}

/** Options of `schedules.polynomial`. */
export interface PolynomialOptions {
  readonly initialLearningRate: number
  readonly decaySteps: number
  /** Default: 0.0001. */
  readonly endLearningRate?: number
  /** 1 is linear. Default: 1. */
  readonly power?: number
  /** Start again from higher up after decaySteps, instead of staying at the end. Default: false. */
  readonly cycle?: boolean
}

const polynomialOptions = new OptionTable<PolynomialOptions>({
  initialLearningRate: required(someRate),
  decaySteps: required(numberIn({ min: 1 })),
  endLearningRate: someRate,
  power: numberIn({ min: 0 }),
  cycle: trueOrFalse,
})

/**
 * (initial − end) · (1 − i / decaySteps)^power + end, then end.
 *
 * @example
 * ```ts
 * optim.schedules.polynomial({ initialLearningRate: 0.1, decaySteps: 100, endLearningRate: 0 })(50) // 0.05
 * ```
 */
export function polynomial(options: PolynomialOptions): Schedule {
  const given = polynomialOptions.check('schedules.polynomial', options)
  const { initialLearningRate: initial, decaySteps: steps } = given
  const { endLearningRate: end = 0.0001, power = 1, cycle = false } = given
  return withConfig('polynomial', options, i => {
    const length = cycle ? steps * Math.max(1, Math.ceil(i / steps)) : steps
    const done = Math.min(i, length) / length
    return (initial - end) * (1 - done) ** power + end
  })
}
