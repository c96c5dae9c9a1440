// What a learning-rate schedule is: a rate for each step, with JSON for saved training runs.

import { argumentError } from '../base/errors.js'

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

/** A rate that can be used: finite and not negative. */
export function checkRate(operation: string, rate: unknown): number {
  if (typeof rate !== 'number' || !Number.isFinite(rate) || rate < 0)
    throw argumentError(operation, 'a learning rate that is a finite number ≥ 0', String(rate))
  return rate
}

/** A number in a range, for the options of optimizers and schedules. */
export function checkNumber(
  operation: string,
  option: string,
  value: unknown,
  low: number,
  high = Number.POSITIVE_INFINITY,
): number {
  if (typeof value !== 'number' || !(value >= low && value <= high))
    throw argumentError(
      operation,
      high === Number.POSITIVE_INFINITY
        ? `${option} to be a number ≥ ${low}`
        : `${option} to be a number from ${low} to ${high}`,
      String(value),
    )
  return value
}
