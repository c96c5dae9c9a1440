// The silhouette: is a row nearer to its own cluster than to the next one? (Rousseeuw 1987)

import { argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { oneOf, tested, wholeNumber } from '../../base/value-kinds.js'
import type { MatrixLike } from '../matrix.js'
import { type ClusteredRows, clustered, clusteredRows, squaredDistance } from './clustered-rows.js'
import { isTurnDue, stopIfAborted, turn } from './long-work.js'

/** How far two rows lie apart. */
export type SilhouetteMetric = 'euclidean' | 'manhattan' | 'cosine' | 'precomputed'

/** Options of `silhouetteSamples`. */
export interface SilhouetteSamplesOptions {
  /** Default: `euclidean`. `precomputed`: x is the square matrix of distances. */
  readonly metric?: SilhouetteMetric
  readonly signal?: AbortSignal
}

/** Options of `silhouette`. */
export interface SilhouetteOptions extends SilhouetteSamplesOptions {
  /** Rows that are looked at, drawn at random; all by default. The cost is quadratic in them. */
  readonly sampleSize?: number
  /** Seed of the draw. Default: 0. */
  readonly randomState?: number
}

const samplesOptions = new OptionTable<SilhouetteSamplesOptions>({
  metric: oneOf(['euclidean', 'manhattan', 'cosine', 'precomputed']),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal, [null, 1, {}]),
})

const silhouetteOptions = new OptionTable<SilhouetteOptions>({
  ...samplesOptions.rows,
  sampleSize: wholeNumber({ min: 3 }),
  randomState: wholeNumber({ min: 0 }),
})

/** Random stream of the draw of rows. */
const sampleStream = 0x73696c68

/**
 * The mean silhouette of all rows: 1 where clusters are dense and far apart, 0 where they touch, below
 * 0 where rows lie in the wrong one. O(n²·d); `sampleSize` makes it cheaper.
 * As scikit-learn's `silhouette_score`.
 *
 * @throws AthanorError SHAPE, DATA; ARGUMENT for one cluster, or as many as rows; INTERRUPTED.
 * @example
 * ```ts
 * await silhouette([[0], [1], [10], [11]], [0, 0, 1, 1]) // 0.899…
 * ```
 */
export async function silhouette(
  x: MatrixLike,
  labels: Labels,
  options: SilhouetteOptions = {},
): Promise<number> {
  const operation = 'silhouette'
  const {
    metric,
    signal,
    sampleSize,
    randomState = 0,
  } = silhouetteOptions.check(operation, options)
  let data = await clusteredRows(operation, x, labels)
  if (sampleSize !== undefined && sampleSize < data.rows)
    data = sampleOf(operation, data, sampleSize, randomState, metric === 'precomputed')
  const values = await silhouettes(operation, data, metric, signal)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * The silhouette of each row: (b − a) ÷ max(a, b), where a is the mean distance to the other rows of
 * its cluster and b that to the rows of the nearest other one; 0 for a row alone in its cluster.
 * As scikit-learn's `silhouette_samples`.
 *
 * @throws AthanorError as `silhouette`.
 * @example
 * ```ts
 * await silhouetteSamples([[0], [1], [10], [11]], [0, 0, 1, 1]) // 0.904…, 0.894…, 0.894…, 0.904…
 * ```
 */
export async function silhouetteSamples(
  x: MatrixLike,
  labels: Labels,
  options: SilhouetteSamplesOptions = {},
): Promise<Float64Array> {
  const { metric, signal } = samplesOptions.check('silhouetteSamples', options)
  const data = await clusteredRows('silhouetteSamples', x, labels)
  return silhouettes('silhouetteSamples', data, metric, signal)
}

function sampleOf(
  operation: string,
  data: ClusteredRows,
  size: number,
  seed: number,
  isPrecomputed: boolean,
): ClusteredRows {
  const order = Uint32Array.from({ length: data.rows }, (_, i) => i)
  const chosen = new Random(seed, sampleStream).shuffle(order).subarray(0, size).sort()
  const width = isPrecomputed ? size : data.width
  const x = new Float64Array(size * width)
  const at = (row: number, j: number) => row * data.width + (isPrecomputed ? chosen[j] : j)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < width; j++) x[i * width + j] = data.x[at(chosen[i], j)]
  const labels = Int32Array.from(chosen, row => data.clusterOf[row])
  return clustered(operation, { x, rows: size, width }, labels)
}

async function silhouettes(
  operation: string,
  data: ClusteredRows,
  metric: SilhouetteMetric = 'euclidean',
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { rows, clusters, clusterOf, sizes } = data
  stopIfAborted(operation, signal)
  const distance = distances[metric](operation, data)
  // Σ of the distances from each row to the rows of each cluster; every pair is measured once.
  const sums = new Float64Array(rows * clusters)
  for (let i = 0; i < rows; i++) {
    if (isTurnDue()) await turn(operation, signal)
    for (let j = i + 1; j < rows; j++) {
      const between = distance(i, j)
      sums[i * clusters + clusterOf[j]] += between
      sums[j * clusters + clusterOf[i]] += between
    }
  }
  return new Float64Array(rows).map((_, i) => {
    const own = clusterOf[i]
    if (sizes[own] === 1) return 0
    const within = sums[i * clusters + own] / (sizes[own] - 1)
    let nearest = Infinity
    for (let c = 0; c < clusters; c++)
      if (c !== own) nearest = Math.min(nearest, sums[i * clusters + c] / sizes[c])
    const larger = Math.max(within, nearest)
    return larger === 0 ? 0 : (nearest - within) / larger
  })
}

type Distance = (i: number, j: number) => number

const distances: Record<SilhouetteMetric, (operation: string, data: ClusteredRows) => Distance> = {
  euclidean:
    (_, { x, width }) =>
    (i, j) =>
      Math.sqrt(squaredDistance(x, i * width, x, j * width, width)),
  manhattan:
    (_, { x, width }) =>
    (i, j) => {
      let sum = 0
      for (let k = 0; k < width; k++) sum += Math.abs(x[i * width + k] - x[j * width + k])
      return sum
    },
  cosine: (_, { x, rows, width }) => {
    const unit = new Float64Array(rows * width)
    for (let i = 0; i < rows; i++) {
      let square = 0
      for (let k = 0; k < width; k++) square += x[i * width + k] ** 2
      const length = square === 0 ? 1 : Math.sqrt(square)
      for (let k = 0; k < width; k++) unit[i * width + k] = x[i * width + k] / length
    }
    return (i, j) => {
      let product = 0
      for (let k = 0; k < width; k++) product += unit[i * width + k] * unit[j * width + k]
      return Math.min(2, Math.max(0, 1 - product))
    }
  },
  precomputed: (operation, { x, rows, width }) => {
    if (rows !== width)
      throw argumentError(operation, 'a square matrix of distances', `${rows} × ${width}`)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j <= i; j++) {
        const isWrong = i === j ? Math.abs(x[i * rows + i]) > 2.3e-14 : x[i * rows + j] < 0
        if (isWrong || Math.abs(x[i * rows + j] - x[j * rows + i]) > 1e-6 * x[i * rows + j])
          throw argumentError(
            operation,
            'distances of 0 or more, the same both ways, 0 of a row to itself',
            `${x[i * rows + j]} and ${x[j * rows + i]} at ${i}, ${j}`,
          )
      }
    return (i, j) => x[i * rows + j]
  },
}
