// The targets of mixed samples: numbers as they are, class numbers as shares of classes.

import { isFloat, type TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError } from '../base/errors.js'
import { formatShape, sizeOf } from '../base/shape.js'
import type { Batch, RowType } from './batches.js'

/** Which row each row is mixed with, and how much of a mixed row is its own. */
export interface Mixture {
  readonly partner: ArrayLike<number>
  readonly share: number
}

/** Targets that can be mixed, from those of a source. */
export class MixedTargets {
  /** Of the mixed ones. */
  readonly type: RowType

  /** @throws AthanorError ARGUMENT for class numbers of classes nobody has counted, or of several a row. */
  constructor(
    private readonly operation: string,
    private readonly given: RowType,
    readonly classes: number | undefined,
  ) {
    const { dtype, shape } = given
    if (isFloat(dtype)) {
      if (classes !== undefined && shape.at(-1) !== classes)
        throw argumentError(
          operation,
          `targets of ${classes} classes, [${classes}] each`,
          formatShape(shape),
        )
      this.type = given
      return
    }
    if (classes === undefined)
      throw argumentError(
        operation,
        'targets that are floats, or the number of classes',
        dtype,
        `Class numbers cannot be mixed: say how many there are, ${operation}(source, { classes: 10 }), or give one-hot targets`,
      )
    if (sizeOf(shape) !== 1)
      throw argumentError(operation, 'one class number a row', formatShape(shape))
    this.type = { shape: [classes], dtype: 'float32' }
  }

  /** Targets and weights of the mixed rows of a batch. */
  mixed(batch: Batch, { partner, share }: Mixture): Pick<Batch, 'y' | 'weights'> {
    const { rows, weights } = batch
    const y = this.numbers(batch)
    if (weights === undefined) return { y: mixedRows(y, rows, partner, () => share) }
    const both = mixedRows(weights, rows, partner, () => share) as Float32Array
    // Of classes, each sample's own loss keeps its weight; numbers have to go with their inputs.
    const own = (i: number) =>
      this.classes === undefined || both[i] === 0 ? share : (share * weights[i]) / both[i]
    return { y: mixedRows(y, rows, partner, own), weights: both }
  }

  private numbers({ y, rows }: Batch): TypedArray {
    const { classes, given } = this
    if (isFloat(given.dtype) || classes === undefined) return y
    const out = new Float32Array(rows * classes)
    for (let i = 0; i < rows; i++) {
      const label = y[i]
      if (!(label >= 0 && label < classes))
        throw new AthanorError('DATA', {
          operation: this.operation,
          expected: `class numbers from 0 to ${classes - 1}`,
          received: String(label),
        })
      out[i * classes + label] = 1
    }
    return out
  }
}

/** own(i) · row i + (1 − own(i)) · its partner. */
export function mixedRows(
  values: TypedArray,
  rows: number,
  partner: ArrayLike<number>,
  own: (row: number) => number,
): TypedArray {
  const width = values.length / rows
  const out = values.slice() as TypedArray
  for (let i = 0; i < rows; i++) {
    const share = own(i)
    const other = partner[i] * width
    for (let k = 0; k < width; k++)
      out[i * width + k] = share * values[i * width + k] + (1 - share) * values[other + k]
  }
  return out
}
