// What a speech model says of one recording: a row of logits a step.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { formatShape } from '../../base/shape.js'
import { valueWords } from '../../base/value-kinds.js'
import { Tensor } from '../../tensor/tensor.js'

/**
 * Logits of one recording, [steps, classes], row-major. Log-probabilities are logits too, and −Infinity
 * says that a class cannot be.
 */
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

/**
 * Refuses what is no recording's logits, and a blank that is none of their classes: ARGUMENT, SHAPE, and
 * DATA for a value that is NaN or +Infinity or a step whose classes are all impossible.
 */
export function checkLogits(operation: string, logits: StepLogits, blank: number): void {
  checkObject(operation, logits)
  const { steps, classes, values } = logits
  if (!Number.isInteger(steps) || steps < 0 || !Number.isInteger(classes) || classes < 1)
    throw argumentError(
      operation,
      'a whole number of steps from 0 and of classes from 1',
      `${valueWords(steps)} steps of ${valueWords(classes)} classes`,
    )
  if (values.length !== steps * classes)
    throw shapeError(
      operation,
      `${steps * classes} values, ${steps} steps of ${classes} classes`,
      `${values.length}`,
      'Pass the logits of one recording, row-major',
    )
  if (blank >= classes)
    throw argumentError(operation, `a blank from 0 to ${classes - 1}`, String(blank))
  for (let t = 0; t < steps; t++) checkStep(operation, logits, t)
}

function checkObject(operation: string, logits: unknown): void {
  const given = logits as Partial<StepLogits> | null | undefined
  if (!(given instanceof Tensor) && typeof given?.values?.length === 'number') return
  throw argumentError(
    operation,
    'the logits of one recording, { steps, classes, values }',
    given instanceof Tensor ? `a tensor of shape ${formatShape(given.shape)}` : valueWords(given),
    'With logits y of shape [steps, classes]: { steps, classes, values: await y.data() }',
  )
}

function checkStep(operation: string, { classes, values }: StepLogits, step: number): void {
  let isPossible = false
  for (let c = 0; c < classes; c++) {
    const value = values[step * classes + c]
    // What is no number at all is not below Infinity either.
    if (!(value < Number.POSITIVE_INFINITY))
      refuseValues(operation, `${valueWords(value)} at step ${step}, class ${c}`)
    if (value > Number.NEGATIVE_INFINITY) isPossible = true
  }
  if (!isPossible) refuseValues(operation, `−Infinity for each class of step ${step}`)
}

function refuseValues(operation: string, received: string): never {
  throw new AthanorError('DATA', {
    operation,
    expected: 'finite logits (−Infinity only where a class cannot be)',
    received,
    fix: 'Check the recording and the model’s weights for NaN',
  })
}

/** log(eᵃ + eᵇ). */
export function logAdd(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(-Math.abs(a - b)))
}
