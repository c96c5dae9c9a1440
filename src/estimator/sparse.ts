// Features of which most are 0: compressed sparse rows (CSR), as scipy.sparse.csr_matrix keeps them.

import { AthanorError, argumentError, shapeError } from '../base/errors.js'

/**
 * A matrix that keeps only its non-zero values, row by row.
 *
 * Row r's values are `values[indptr[r]..indptr[r + 1])`, in the columns `indices[…]`, ascending.
 * Errors: SHAPE and ARGUMENT where the parts don't fit together.
 *
 * @example
 * ```ts
 * const x = new SparseMatrix({ rows: 2, width: 3, indptr: [0, 1, 3], indices: [2, 0, 1], values: [5, 1, 2] })
 * x.toDense() // { x: Float64Array [0, 0, 5, 1, 2, 0], rows: 2, width: 3 }
 * ```
 */
export class SparseMatrix {
  readonly rows: number
  readonly width: number
  readonly indptr: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
  readonly names: readonly string[] | undefined

  constructor(parts: {
    readonly rows: number
    readonly width: number
    readonly indptr: ArrayLike<number>
    readonly indices: ArrayLike<number>
    readonly values: ArrayLike<number>
    readonly names?: readonly string[]
  }) {
    const { rows, width, names } = parts
    const whole = (n: number) => Number.isSafeInteger(n) && n >= 0 && n < 2 ** 31
    if (!whole(rows) || !whole(width))
      throw argumentError('SparseMatrix', 'rows and width, whole numbers', `${rows} and ${width}`)
    this.rows = rows
    this.width = width
    this.names = names
    this.indptr = parts.indptr instanceof Int32Array ? parts.indptr : Int32Array.from(parts.indptr)
    this.indices =
      parts.indices instanceof Int32Array ? parts.indices : Int32Array.from(parts.indices)
    this.values =
      parts.values instanceof Float64Array ? parts.values : Float64Array.from(parts.values)
    this.check()
  }

  private check(): void {
    const { rows, width, indptr, indices, values, names } = this
    const operation = 'SparseMatrix'
    if (indptr.length !== rows + 1 || indptr[0] !== 0 || indptr[rows] !== indices.length)
      throw shapeError(
        operation,
        `an indptr of ${rows + 1} places from 0 to ${indices.length}`,
        `${indptr.length} places from ${indptr[0]} to ${indptr[indptr.length - 1]}`,
      )
    if (values.length !== indices.length)
      throw shapeError(operation, `${indices.length} values, one an index`, String(values.length))
    if (names !== undefined && names.length !== width)
      throw shapeError(operation, `${width} names, one a column`, String(names.length))
    for (let r = 0; r < rows; r++) {
      if (indptr[r + 1] < indptr[r])
        throw argumentError(operation, 'an ascending indptr', `a step back at row ${r}`)
      for (let n = indptr[r]; n < indptr[r + 1]; n++)
        if (!(indices[n] < width && indices[n] > (n === indptr[r] ? -1 : indices[n - 1])))
          throw argumentError(
            operation,
            `columns of row ${r} in ascending order, from 0 to ${width - 1}`,
            String(indices[n]),
          )
    }
  }

  /** The non-zero values of rows as pairs of column and value. */
  static fromRows(
    rows: readonly (readonly (readonly [column: number, value: number])[])[],
    width: number,
  ): SparseMatrix {
    const indptr = new Int32Array(rows.length + 1)
    rows.forEach((row, r) => {
      indptr[r + 1] = indptr[r] + row.length
    })
    const indices = new Int32Array(indptr[rows.length])
    const values = new Float64Array(indptr[rows.length])
    for (const [r, row] of rows.entries())
      for (const [i, [column, value]] of [...row].sort((a, b) => a[0] - b[0]).entries()) {
        indices[indptr[r] + i] = column
        values[indptr[r] + i] = value
      }
    return new SparseMatrix({ rows: rows.length, width, indptr, indices, values })
  }

  /** What is not 0 of a row-major matrix. */
  static fromDense(matrix: {
    readonly x: ArrayLike<number>
    readonly rows: number
    readonly width: number
    readonly names?: readonly string[]
  }): SparseMatrix {
    const { x, rows, width, names } = matrix
    const indptr = new Int32Array(rows + 1)
    let count = 0
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < width; j++) if (x[r * width + j] !== 0) count++
      indptr[r + 1] = count
    }
    const indices = new Int32Array(count)
    const values = new Float64Array(count)
    let n = 0
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < width; j++) {
        const value = x[r * width + j]
        if (value === 0) continue
        indices[n] = j
        values[n++] = value
      }
    return new SparseMatrix({ rows, width, indptr, indices, values, names })
  }

  /** Row-major. Errors: MEMORY where that many values are more than an array can hold. */
  toDense(): { x: Float64Array; rows: number; width: number; names?: readonly string[] } {
    const { rows, width, indptr, indices, values, names } = this
    if (rows * width > 2 ** 31)
      throw new AthanorError('MEMORY', {
        operation: 'SparseMatrix.toDense',
        expected: 'at most 2³¹ values',
        received: `${rows} × ${width}`,
        fix: 'Use an estimator that takes sparse features, or fewer columns',
      })
    const x = new Float64Array(rows * width)
    for (let r = 0; r < rows; r++)
      for (let n = indptr[r]; n < indptr[r + 1]; n++) x[r * width + indices[n]] = values[n]
    return names === undefined ? { x, rows, width } : { x, rows, width, names }
  }

  /** The rows named, in that order. */
  take(rowIds: ArrayLike<number>): SparseMatrix {
    const { indptr, width, names } = this
    const starts = new Int32Array(rowIds.length + 1)
    for (let i = 0; i < rowIds.length; i++)
      starts[i + 1] = starts[i] + indptr[rowIds[i] + 1] - indptr[rowIds[i]]
    const indices = new Int32Array(starts[rowIds.length])
    const values = new Float64Array(starts[rowIds.length])
    for (let i = 0; i < rowIds.length; i++) {
      const from = indptr[rowIds[i]]
      const to = indptr[rowIds[i] + 1]
      indices.set(this.indices.subarray(from, to), starts[i])
      values.set(this.values.subarray(from, to), starts[i])
    }
    return new SparseMatrix({ rows: rowIds.length, width, indptr: starts, indices, values, names })
  }
}
