// Rows in clusters, as metrics without a truth take them: features, one label a row, and for each
// cluster its rows.

import { argumentError, shapeError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { denseMatrixOf, type Matrix, type MatrixLike } from '../matrix.js'
import { encodeColumn } from './input.js'

export interface ClusteredRows extends Matrix {
  readonly clusters: number
  /** The cluster of each row: 0, 1, 2, … */
  readonly clusterOf: Int32Array
  /** Rows of each cluster. */
  readonly sizes: Float64Array
}

/** Checks features and labels: one a row, of two clusters at least and fewer than there are rows. */
export async function clusteredRows(
  operation: string,
  x: MatrixLike,
  labels: Labels,
): Promise<ClusteredRows> {
  return clustered(operation, await denseMatrixOf(operation, x), labels)
}

/** The same of features that are a matrix already. */
export function clustered(operation: string, matrix: Matrix, labels: Labels): ClusteredRows {
  const { labels: clusters, codes } = encodeColumn(operation, 'labels', labels)
  if (codes.length !== matrix.rows)
    throw shapeError(operation, `${matrix.rows} labels, one a row`, `${codes.length}`)
  if (clusters.length < 2 || clusters.length >= matrix.rows)
    throw argumentError(
      operation,
      `from 2 clusters to ${matrix.rows - 1}, one fewer than rows`,
      `${clusters.length}`,
    )
  const sizes = new Float64Array(clusters.length)
  for (const c of codes) sizes[c]++
  const { rows, width } = matrix
  return { x: matrix.x, rows, width, clusters: clusters.length, clusterOf: codes, sizes }
}

/** The mean row of each cluster, row-major. */
export function centroidsOf(data: ClusteredRows): Float64Array {
  const { x, rows, width, clusterOf, sizes, clusters } = data
  const out = new Float64Array(clusters * width)
  for (let i = 0; i < rows; i++) {
    const to = clusterOf[i] * width
    for (let j = 0; j < width; j++) out[to + j] += x[i * width + j]
  }
  for (let c = 0; c < clusters; c++) for (let j = 0; j < width; j++) out[c * width + j] /= sizes[c]
  return out
}

/** Σ (a − b)² of two rows of one width. */
export function squaredDistance(
  a: Float32Array | Float64Array,
  atA: number,
  b: Float32Array | Float64Array,
  atB: number,
  width: number,
): number {
  let sum = 0
  for (let j = 0; j < width; j++) {
    const difference = a[atA + j] - b[atB + j]
    sum += difference * difference
  }
  return sum
}
