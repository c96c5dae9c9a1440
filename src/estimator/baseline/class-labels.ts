// The labels of a classification: which there are, and each row's place among them.

import { AthanorError, argumentError } from '../../base/errors.js'
import { checkTargets } from '../matrix.js'

export interface EncodedLabels {
  /** Ascending. */
  readonly classes: readonly number[]
  readonly codes: Int32Array
}

export function encodeLabels(
  operation: string,
  y: ArrayLike<number>,
  rows: number,
  given: readonly number[] | undefined,
): EncodedLabels {
  checkTargets(operation, y, rows)
  const classes = given ?? [...new Set(Array.from(y))].sort((a, b) => a - b)
  if (classes.some((label, i) => i > 0 && !(label > classes[i - 1])))
    throw argumentError(operation, 'classes in ascending order', `[${classes.join(', ')}]`)
  const place = new Map(classes.map((label, i) => [label, i]))
  const codes = Int32Array.from({ length: rows }, (_, i) => {
    const code = place.get(y[i])
    if (code === undefined)
      throw argumentError(operation, 'labels among the classes given', `${y[i]} at row ${i}`)
    return code
  })
  return { classes: [...classes], codes }
}

export function requireTwoClasses(operation: string, classes: readonly number[]): void {
  if (classes.length < 2)
    throw new AthanorError('DATA', {
      operation,
      expected: 'at least two classes',
      received: `one (${classes.join(', ')})`,
    })
}

/** The label of the largest of each row's `classes.length` scores; of equal ones the first. */
export function labelsOfLargest(scores: Float64Array, classes: readonly number[]): Float64Array {
  const width = classes.length
  return Float64Array.from({ length: scores.length / width }, (_, row) => {
    let best = 0
    for (let c = 1; c < width; c++)
      if (scores[row * width + c] > scores[row * width + best]) best = c
    return classes[best]
  })
}
