// Class weights and sample weights as one weight a row.

import type { TypedArray } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { sizeOf } from '../base/shape.js'
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
    for (let i = 0; i < y.rows; i++) weights[i] *= classWeight[labelOf(y.values, i, width)] ?? 1
  }
  for (const weight of weights)
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw argumentError(operation, 'weights that are finite and ≥ 0', String(weight))
  return weights
}

/** The class of a row: its label, or the place of the largest entry of a one-hot row. */
function labelOf(values: TypedArray, row: number, width: number): number {
  if (width === 1) return values[row]
  let best = 0
  for (let k = 1; k < width; k++) if (values[row * width + k] > values[row * width + best]) best = k
  return best
}
