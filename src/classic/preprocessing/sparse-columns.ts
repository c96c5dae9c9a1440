// Statistics of sparse columns, of which most values are zeros that are not stored.

import type { SparseMatrix } from '../../estimator/sparse.js'

/** Counts, means and deviations of sparse columns; what is not stored counts as 0, NaN doesn't count. */
export function sparseMoments(
  x: SparseMatrix,
  weights: Float64Array | undefined,
): { readonly count: Float64Array; readonly mean: Float64Array; readonly std: Float64Array } {
  const { rows, width, indptr, indices, values } = x
  let total = 0
  for (let row = 0; row < rows; row++) total += weights?.[row] ?? 1
  const count = new Float64Array(width).fill(total)
  const mean = new Float64Array(width)
  const stored = new Float64Array(width)
  const eachStored = (visit: (value: number, column: number, weight: number) => void) => {
    for (let row = 0; row < rows; row++)
      for (let n = indptr[row]; n < indptr[row + 1]; n++)
        visit(values[n], indices[n], weights?.[row] ?? 1)
  }
  eachStored((value, j, weight) => {
    if (Number.isNaN(value)) count[j] -= weight
    else {
      mean[j] += weight * value
      stored[j] += weight
    }
  })
  for (let j = 0; j < width; j++) mean[j] /= count[j]
  const squares = count.map((n, j) => (n - stored[j]) * mean[j] * mean[j])
  eachStored((value, j, weight) => {
    if (!Number.isNaN(value)) squares[j] += weight * (value - mean[j]) ** 2
  })
  const std = squares.map((sum, j) => {
    const found = Math.sqrt(sum / count[j])
    return Number.isNaN(found) || found > Math.abs(mean[j]) * 1e-15 * Math.sqrt(count[j])
      ? found
      : 0
  })
  return { count, mean, std }
}

/** Least and greatest value of each column; NaN doesn't count. */
export function sparseExtremes(x: SparseMatrix): { min: Float64Array; max: Float64Array } {
  const { rows, width, indices, values } = x
  const min = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
  const max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
  const stored = new Uint32Array(width)
  for (let n = 0; n < values.length; n++) {
    const j = indices[n]
    stored[j]++
    if (values[n] < min[j]) min[j] = values[n]
    if (values[n] > max[j]) max[j] = values[n]
  }
  for (let j = 0; j < width; j++)
    if (stored[j] < rows) {
      min[j] = Math.min(min[j], 0)
      max[j] = Math.max(max[j], 0)
    }
  return { min, max }
}

/** The stored values of each column, column by column: CSC without row numbers. */
export function storedByColumn(x: SparseMatrix): { starts: Int32Array; values: Float64Array } {
  const { width, indices } = x
  const starts = new Int32Array(width + 1)
  for (let n = 0; n < indices.length; n++) starts[indices[n] + 1]++
  for (let j = 0; j < width; j++) starts[j + 1] += starts[j]
  const next = starts.slice()
  const values = new Float64Array(indices.length)
  for (let n = 0; n < indices.length; n++) values[next[indices[n]]++] = x.values[n]
  return { starts, values }
}
