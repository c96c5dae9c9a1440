// Class weights and sample weights as one weight a row.

import type { TypedArray } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { sizeOf } from '../base/shape.js'
import { valueWords } from '../base/value-kinds.js'
import type { FlatRows } from './batches.js'

export interface WeightOptions {
  readonly classWeight?: Readonly<Record<number, number>>
  readonly sampleWeight?: ArrayLike<number>
}

/** null where all weigh the same. */
export function rowWeights(
  operation: string,
  y: FlatRows,
  { classWeight, sampleWeight }: WeightOptions,
): Float32Array | null {
  if (classWeight === undefined && sampleWeight === undefined) return null
  const weights = new Float32Array(y.rows).fill(1)
  if (sampleWeight !== undefined) {
    if (sampleWeight.length !== y.rows)
      throw argumentError(
        operation,
        `one sample weight for each of ${y.rows} rows`,
        String(sampleWeight.length),
      )
    weights.set(sampleWeight as ArrayLike<number>)
  }
  if (classWeight !== undefined) {
    const width = sizeOf(y.shape)
    for (const [key, weight] of Object.entries(classWeight)) {
      if (!Number.isFinite(Number(key)) || key.trim() === '')
        throw argumentError(operation, 'class weights by label, a number', `'${key}'`)
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
        throw argumentError(
          operation,
          'class weights that are finite and ≥ 0',
          `${valueWords(weight)} for class ${key}`,
        )
    }
    if (width !== 1) requireDistributions(operation, y.values, width)
    for (let i = 0; i < y.rows; i++) weights[i] *= classWeight[labelOf(y.values, i, width)] ?? 1
  }
  for (const weight of weights)
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw argumentError(operation, 'weights that are finite and ≥ 0', String(weight))
  if (y.rows > 0 && !weights.some(weight => weight > 0))
    throw argumentError(
      operation,
      'at least one row with a weight above 0',
      'weights of 0 alone',
      'Nothing could be learned from them',
    )
  return weights
}

/** Class weights go with one-hot targets; several numbers a row are no classes. */
function requireDistributions(operation: string, values: TypedArray, width: number): void {
  for (let at = 0; at < values.length; at += width) {
    let sum = 0
    for (let k = 0; k < width; k++) sum += values[at + k]
    if (Math.abs(sum - 1) > 1e-3)
      throw argumentError(
        operation,
        'one-hot targets, or one class number a row, where there are class weights',
        `a row that adds up to ${sum}`,
      )
  }
}

/** The class of a row: its label, or the place of the largest entry of a one-hot row. */
function labelOf(values: TypedArray, row: number, width: number): number {
  if (width === 1) return values[row]
  let best = 0
  for (let k = 1; k < width; k++) if (values[row * width + k] > values[row * width + best]) best = k
  return best
}
