// What a learning-rate schedule is: a rate for each step, with JSON for saved training runs.

import { argumentError } from '../base/errors.js'
import { aFunction, either, numberIn, type ValueKind, valueWords } from '../base/value-kinds.js'

/** The learning rate of step `iteration` (0 for the first). */
export interface Schedule {
  (iteration: number): number
  /** Name and options in saved runs; absent from plain functions. */
  readonly config?: ScheduleConfig
}

/** A schedule as JSON, as it stands in a checkpoint. */
export interface ScheduleConfig {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
}

/** A learning rate: a number, or a schedule. */
export type LearningRate = number | Schedule

export function withConfig(
  name: string,
  options: object,
  rate: (iteration: number) => number,
): Schedule {
  return Object.assign((iteration: number) => rate(iteration), {
    config: { name, options: { ...options } },
  })
}

const rateWords = 'a learning rate that is a finite number ≥ 0'

/** A rate without a schedule. */
export const someRate: ValueKind<number> = { ...numberIn({ min: 0 }), expected: rateWords }

export const rateOrSchedule: ValueKind<LearningRate> = either(
  someRate,
  aFunction<Schedule>('a schedule'),
)

/** A rate that can be used: finite and not negative. */
export function checkRate(operation: string, rate: unknown): number {
  if (typeof rate !== 'number' || !Number.isFinite(rate) || rate < 0)
    throw argumentError(operation, rateWords, valueWords(rate))
  return rate
}

/** A share that an optimizer keeps, such as momentum: a number, or a schedule of one. */
export type KeptShare = number | Schedule

/** The share at step `iteration`, 0 for the first: of the kind that a fixed one has to be. */
export function shareAt(
  operation: string,
  kind: ValueKind<number>,
  share: KeptShare,
  iteration: number,
): number {
  const value = typeof share === 'number' ? share : share(iteration)
  if (!kind.accepts(value)) throw argumentError(operation, kind.expected, valueWords(value))
  return value
}
