// What a speech model says of one recording: a row of logits a step.

import { shapeError } from '../../base/errors.js'

/** Logits of one recording, [steps, classes], row-major. Log-probabilities are logits too. */
export interface StepLogits {
  readonly steps: number
  readonly classes: number
  readonly values: ArrayLike<number>
}

/** Log-probabilities of a step's classes, in float64, into `out`. */
export function logProbabilities(
  { classes, values }: StepLogits,
  step: number,
  out: Float64Array,
): Float64Array {
  const from = step * classes
  let most = Number.NEGATIVE_INFINITY
  for (let c = 0; c < classes; c++) most = Math.max(most, values[from + c])
  let sum = 0
  for (let c = 0; c < classes; c++) sum += Math.exp(values[from + c] - most)
  const all = most + Math.log(sum)
  for (let c = 0; c < classes; c++) out[c] = values[from + c] - all
  return out
}

export function checkLogits(operation: string, { steps, classes, values }: StepLogits): void {
  if (!(steps >= 0 && classes >= 1) || values.length < steps * classes)
    throw shapeError(
      operation,
      `${steps} steps of ${classes} classes`,
      `${values.length} values`,
      'Pass the logits of one recording, row-major',
    )
}

/** log(eᵃ + eᵇ). */
export function logAdd(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(-Math.abs(a - b)))
}
