// How much a feature tells about the target, in nats, whatever the form of the dependence: from distances to near
// neighbours (Kraskov, Stögbauer & Grassberger 2004; Ross 2014 where one of the two is a class).

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { either, listOf, oneOf, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse, type MatrixLike, matrixOf } from '../../estimator/matrix.js'
import { mutualInfo } from '../../estimator/metrics/mutual-info.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import { numericTargets, type Targets, targetsOf } from '../../estimator/targets.js'
import { momentsOf } from '../../features/moments.js'
import { normalQuantile } from '../../features/normal-quantile.js'
import { firstAbove, firstAtLeast } from '../../features/search-sorted.js'
import { columnReader } from '../preprocessing/dense-columns.js'
import { digamma } from './distributions.js'
import { codedTargets } from './score-functions.js'

/** Options of `mutualInfoClassif` and `mutualInfoRegression`. */
export interface MutualInfoScoreOptions {
  /** Which features are categories: all, none, or their places. Default 'auto': all if sparse, else none. */
  readonly discreteFeatures?: 'auto' | boolean | readonly number[]
  /** Neighbours that distances are measured to. Default 3. */
  readonly nNeighbors?: number
  /** Seed of the noise of 1e-10 that keeps equal values apart. Default 0. */
  readonly randomState?: number
}

const options = new OptionTable<MutualInfoScoreOptions>({
  discreteFeatures: either(either(oneOf(['auto']), trueOrFalse), listOf(wholeNumber({ min: 0 }))),
  nNeighbors: wholeNumber({ min: 1 }),
  randomState: wholeNumber({ min: 0 }),
})

/** Nats a feature, 0 or more. `y`: codes of classes where `isDiscrete`. */
export async function scoreInformation(
  operation: string,
  x: AnyMatrix,
  target: { readonly y: Float64Array; readonly isDiscrete: boolean },
  given: MutualInfoScoreOptions = {},
  signal?: AbortSignal,
): Promise<Float64Array> {
  const {
    discreteFeatures = 'auto',
    nNeighbors = 3,
    randomState = 0,
  } = options.check(operation, given)
  const isDiscrete = discreteTest(operation, x, discreteFeatures)
  const random = new Random(randomState)
  const y = target.isDiscrete ? target.y : spreadApart(target.y, random)
  const columnAt = isSparse(x) ? sparseColumns(x) : columnReader(x)
  const scores = new Float64Array(x.width)
  await forEachOf(
    operation,
    x.width,
    j => {
      const column = columnAt(j)
      const values = isDiscrete(j) ? column : spreadApart(column, random)
      scores[j] = Math.max(
        0,
        informationBetween(values, isDiscrete(j), y, target.isDiscrete, nNeighbors),
      )
    },
    signal,
  )
  return scores
}

function discreteTest(
  operation: string,
  x: AnyMatrix,
  which: 'auto' | boolean | readonly number[],
): (column: number) => boolean {
  const places = Array.isArray(which) ? new Set<number>(which) : undefined
  const all = which === 'auto' ? isSparse(x) : which === true
  const isDiscrete = (j: number) => places?.has(j) ?? all
  if (isSparse(x) && !Array.from({ length: x.width }, (_, j) => j).every(isDiscrete))
    throw argumentError(
      operation,
      'sparse features to be discrete',
      'some that are not',
      'Pass x.toDense()',
    )
  return isDiscrete
}

/** Columns of a sparse matrix, filled with zeros. */
function sparseColumns(x: SparseMatrix): (column: number) => Float64Array {
  const starts = new Int32Array(x.width + 1)
  for (let n = 0; n < x.indices.length; n++) starts[x.indices[n] + 1]++
  for (let j = 0; j < x.width; j++) starts[j + 1] += starts[j]
  const next = starts.slice()
  const rows = new Int32Array(x.indices.length)
  const values = new Float64Array(x.indices.length)
  for (let row = 0; row < x.rows; row++)
    for (let n = x.indptr[row]; n < x.indptr[row + 1]; n++) {
      const at = next[x.indices[n]]++
      rows[at] = row
      values[at] = x.values[n]
    }
  return column => {
    const filled = new Float64Array(x.rows)
    for (let n = starts[column]; n < starts[column + 1]; n++) filled[rows[n]] = values[n]
    return filled
  }
}

/** Scaled to deviation 1, with noise far below anything that counts. */
function spreadApart(values: Float64Array, random: Random): Float64Array {
  const { std } = momentsOf(values)
  const scaled = std === 0 ? values.slice() : values.map(value => value / std)
  const size = scaled.reduce((sum, value) => sum + Math.abs(value) / scaled.length, 0)
  const noise = 1e-10 * Math.max(1, size)
  return scaled.map(value => value + noise * normalQuantile(Math.max(1e-300, random.uniform())))
}

function informationBetween(
  x: Float64Array,
  xDiscrete: boolean,
  y: Float64Array,
  yDiscrete: boolean,
  k: number,
): number {
  if (xDiscrete && yDiscrete) return mutualInfo(x, y)
  if (xDiscrete) return ofClass(y, x, k)
  return yDiscrete ? ofClass(x, y, k) : ofNumbers(x, y, k)
}

const float = new Float64Array(1)
const bits = new BigInt64Array(float.buffer)

/** The next smaller number of 0 or more. */
function below(value: number): number {
  if (!(value > 0)) return 0
  float[0] = value
  bits[0]--
  return float[0]
}

/** How many of the ascending values lie within `radius` of `center`. */
function countWithin(sorted: Float64Array, center: number, radius: number): number {
  let from = firstAtLeast(sorted, center - radius)
  let to = firstAbove(sorted, center + radius)
  // The sums are rounded, the distances decide.
  while (from > 0 && center - sorted[from - 1] <= radius) from--
  while (from < to && center - sorted[from] > radius) from++
  while (to < sorted.length && sorted[to] - center <= radius) to++
  while (to > from && sorted[to - 1] - center > radius) to--
  return to - from
}

/** Between a number and a class (Ross 2014). */
function ofClass(numbers: Float64Array, classes: Float64Array, neighbours: number): number {
  const rowsOf = new Map<number, number[]>()
  classes.forEach((label, row) => {
    const rows = rowsOf.get(label)
    if (rows === undefined) rowsOf.set(label, [row])
    else rows.push(row)
  })
  const groups = [...rowsOf.values()].filter(rows => rows.length > 1)
  const total = groups.reduce((sum, rows) => sum + rows.length, 0)
  if (total === 0) return 0
  const all = Float64Array.from(groups.flat(), row => numbers[row]).sort()
  let sum = 0
  for (const rows of groups) {
    const own = Float64Array.from(rows, row => numbers[row]).sort()
    const k = Math.min(neighbours, rows.length - 1)
    for (let i = 0; i < own.length; i++) {
      const radius = below(distanceOfNeighbour(own, i, k))
      sum += digamma(k) - digamma(rows.length) - digamma(countWithin(all, own[i], radius))
    }
  }
  return digamma(total) + sum / total
}

/** From one of ascending values to its k-th nearest other. */
function distanceOfNeighbour(sorted: Float64Array, at: number, k: number): number {
  let left = at - 1
  let right = at + 1
  let distance = 0
  for (let found = 0; found < k; found++) {
    const before = left >= 0 ? sorted[at] - sorted[left] : Number.POSITIVE_INFINITY
    const after = right < sorted.length ? sorted[right] - sorted[at] : Number.POSITIVE_INFINITY
    if (before <= after) {
      distance = before
      left--
    } else {
      distance = after
      right++
    }
  }
  return distance
}

/** Between two numbers (Kraskov et al. 2004, algorithm 1), distances by the larger of both differences. */
function ofNumbers(x: Float64Array, y: Float64Array, neighbours: number): number {
  const rows = x.length
  const k = Math.min(neighbours, rows - 1)
  if (k < 1) return 0
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b])
  const xs = Float64Array.from(order, row => x[row])
  const ys = Float64Array.from(order, row => y[row])
  const sortedY = y.slice().sort()
  const nearest = new Float64Array(k)
  let sum = 0
  for (let i = 0; i < rows; i++) {
    const radius = below(kthNearest(xs, ys, i, nearest))
    sum += digamma(countWithin(xs, xs[i], radius)) + digamma(countWithin(sortedY, ys[i], radius))
  }
  return digamma(rows) + digamma(k) - sum / rows
}

/** The distance to the k-th nearest of points sorted by x; `nearest` is room for k of them. */
function kthNearest(xs: Float64Array, ys: Float64Array, at: number, nearest: Float64Array): number {
  const k = nearest.length
  nearest.fill(Number.POSITIVE_INFINITY)
  let left = at - 1
  let right = at + 1
  for (;;) {
    const before = left >= 0 ? xs[at] - xs[left] : Number.POSITIVE_INFINITY
    const after = right < xs.length ? xs[right] - xs[at] : Number.POSITIVE_INFINITY
    const step = Math.min(before, after)
    if (step >= nearest[k - 1] || step === Number.POSITIVE_INFINITY) return nearest[k - 1]
    const other = before <= after ? left-- : right++
    const distance = Math.max(step, Math.abs(ys[other] - ys[at]))
    if (distance >= nearest[k - 1]) continue
    let place = k - 1
    while (place > 0 && nearest[place - 1] > distance) {
      nearest[place] = nearest[place - 1]
      place--
    }
    nearest[place] = distance
  }
}

/**
 * What each feature tells about the class, in nats; 0 where nothing. As scikit-learn's `mutual_info_classif`, up to
 * the noise that it adds. Errors: ARGUMENT, SHAPE, DATA.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 40 }, (_, i) => [i % 7, i])
 * await mutualInfoClassif(x, x.map(([, i]) => (i < 20 ? 'a' : 'b'))) // about [0, 0.663]
 * ```
 */
export async function mutualInfoClassif(
  x: MatrixLike,
  y: Targets,
  given: MutualInfoScoreOptions = {},
): Promise<Float64Array> {
  const operation = 'mutualInfoClassif'
  const matrix = await matrixOf(operation, x, { sparse: true })
  const { codes } = codedTargets(operation, await targetsOf(operation, x, y), matrix.rows)
  return scoreInformation(
    operation,
    matrix,
    { y: Float64Array.from(codes), isDiscrete: true },
    given,
  )
}

/**
 * What each feature tells about a number, in nats; 0 where nothing. As scikit-learn's `mutual_info_regression`, up to
 * the noise that it adds. Errors: ARGUMENT, SHAPE, DATA.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), i])
 * await mutualInfoRegression(x, x.map(([, i]) => i * i)) // about [0, 1.858]
 * ```
 */
export async function mutualInfoRegression(
  x: MatrixLike,
  y: Targets,
  given: MutualInfoScoreOptions = {},
): Promise<Float64Array> {
  const operation = 'mutualInfoRegression'
  const matrix = await matrixOf(operation, x, { sparse: true })
  const targets = numericTargets(operation, await targetsOf(operation, x, y), matrix.rows)
  return scoreInformation(operation, matrix, { y: targets, isDiscrete: false }, given)
}
