// Symmetric matrices and what their eigenvectors are good for: whitening, and solving where columns depend on
// each other.

import { symmetricEigen } from '../linear-algebra/components.js'

export interface Whitening {
  readonly rank: number
  /** Row-major `rank × width`: rows w with w · A · wᵀ = 1, of which none says what another does. */
  readonly rows: Float64Array
  /** The logarithm of A's determinant, over the directions there are. */
  readonly logDeterminant: number
  /** The least share that a direction has of what it would have without correlations. */
  readonly least: number
}

/**
 * Whitens by a covariance `a` (`width × width`). Features are brought to a variance of 1 first; directions
 * of which at most `tol` is left then are left out.
 */
export async function whiten(
  operation: string,
  a: Float64Array,
  width: number,
  tol: number,
): Promise<Whitening> {
  const scales = Float64Array.from({ length: width }, (_, j) => {
    const variance = a[j * (width + 1)]
    return variance > 0 ? Math.sqrt(variance) : 1
  })
  const correlation = a.map(
    (value, i) => value / (scales[Math.floor(i / width)] * scales[i % width]),
  )
  const { values, vectors } = await symmetricEigen(operation, correlation, width)
  let rank = 0
  while (rank < width && values[rank] > tol) rank++
  const rows = new Float64Array(rank * width)
  let logDeterminant = 0
  for (let i = 0; i < rank; i++) {
    logDeterminant += Math.log(values[i])
    const root = Math.sqrt(values[i])
    for (let j = 0; j < width; j++)
      rows[i * width + j] = vectors[i * width + j] / (root * scales[j])
  }
  for (let j = 0; j < width; j++) logDeterminant += 2 * Math.log(scales[j])
  return { rank, rows, logDeterminant, least: values[width - 1] }
}

/** `left · rightᵀ` for row-major `n × depth` and `m × depth`. */
export function timesTransposed(
  left: Float64Array,
  right: Float64Array,
  depth: number,
): Float64Array {
  const n = left.length / depth
  const m = right.length / depth
  const out = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let k = 0; k < depth; k++) sum += left[i * depth + k] * right[j * depth + k]
      out[i * m + j] = sum
    }
  return out
}

/** `left · right` for row-major `n × depth` and `depth × m`. */
export function times(left: Float64Array, right: Float64Array, depth: number): Float64Array {
  const n = left.length / depth
  const m = right.length / depth
  const out = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let k = 0; k < depth; k++) {
      const factor = left[i * depth + k]
      for (let j = 0; j < m; j++) out[i * m + j] += factor * right[k * m + j]
    }
  return out
}
