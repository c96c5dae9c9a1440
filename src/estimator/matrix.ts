// The matrix of features that estimators take: from preprocessing, or from arrays of rows.

import { AthanorError, shapeError } from '../base/errors.js'
import type { FeatureMatrix } from '../features/feature-matrix.js'

/** Row-major features of either precision. */
export interface Matrix {
  readonly x: Float32Array | Float64Array
  readonly rows: number
  readonly width: number
}

export type MatrixLike = FeatureMatrix | Matrix | readonly ArrayLike<number>[]

/** A matrix of at least one row and column; `width` is what was learned from, if anything was. */
export function asMatrix(operation: string, x: MatrixLike, width?: number): Matrix {
  const matrix = Array.isArray(x) ? fromRows(operation, x) : (x as Matrix)
  if (matrix.rows === 0 || matrix.width === 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'at least one row and one feature',
      received: `[${matrix.rows}, ${matrix.width}]`,
    })
  if (matrix.x.length !== matrix.rows * matrix.width)
    throw shapeError(
      operation,
      `${matrix.rows * matrix.width} values for [${matrix.rows}, ${matrix.width}]`,
      String(matrix.x.length),
    )
  if (width !== undefined && matrix.width !== width)
    throw shapeError(operation, `${width} features, as in fit`, String(matrix.width))
  for (let i = 0; i < matrix.x.length; i++)
    if (!Number.isFinite(matrix.x[i]))
      throw new AthanorError('DATA', {
        operation,
        expected: 'finite features',
        received: `${matrix.x[i]} at row ${Math.floor(i / matrix.width)}, feature ${i % matrix.width}`,
        fix: 'Impute missing values first, for instance with TablePreprocessor',
      })
  return matrix
}

function fromRows(operation: string, rows: readonly ArrayLike<number>[]): Matrix {
  const width = rows.length === 0 ? 0 : rows[0].length
  const x = new Float64Array(rows.length * width)
  rows.forEach((row, r) => {
    if (row.length !== width)
      throw shapeError(operation, `${width} features in every row`, `${row.length} in row ${r}`)
    for (let j = 0; j < width; j++) x[r * width + j] = row[j]
  })
  return { x, rows: rows.length, width }
}

/** One finite target a row. */
export function checkTargets(operation: string, y: ArrayLike<number>, rows: number): void {
  if (y.length !== rows) throw shapeError(operation, `${rows} targets, one a row`, String(y.length))
  for (let i = 0; i < rows; i++)
    if (!Number.isFinite(y[i]))
      throw new AthanorError('DATA', {
        operation,
        expected: 'finite targets',
        received: `${y[i]} at row ${i}`,
      })
}

/** Weights as float64, 1 each by default; their sum is above 0. */
export function weightsFor(
  operation: string,
  weights: ArrayLike<number> | undefined,
  rows: number,
): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1)
  if (weights.length !== rows)
    throw shapeError(operation, `${rows} weights, one a row`, String(weights.length))
  const copy = Float64Array.from(weights)
  if (!copy.every(w => Number.isFinite(w) && w >= 0) || !copy.some(w => w > 0))
    throw new AthanorError('ARGUMENT', {
      operation,
      expected: 'weights of 0 or more, one at least above 0',
      received: 'others',
    })
  return copy
}
