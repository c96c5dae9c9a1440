// Rows to be found again: kept as they were given, with a tree over them where that is faster, and
// searched by kernels/learn/neighbours.cpp.

import { AthanorError, argumentError } from '../../base/errors.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse, type Matrix } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { type JobCall, runJob } from '../../execute/jobs.js'
import { rowSource } from '../linear-algebra/row-source.js'
import type { NeighborParams } from './neighbor-parameters.js'

/** A copy that nobody else changes. */
export function keptRows(x: AnyMatrix): AnyMatrix {
  if (!isSparse(x)) return { x: x.x.slice(), rows: x.rows, width: x.width }
  const { rows, width, indptr, indices, values } = x
  return new SparseMatrix({
    rows,
    width,
    indptr: indptr.slice(),
    indices: indices.slice(),
    values: values.slice(),
  })
}

interface Tree {
  readonly levels: number
  readonly arrays: readonly ArrayBufferView[]
}

interface Index {
  /** In float64. */
  readonly rows: AnyMatrix
  readonly tree: Tree | undefined
}

/** Made once for the rows of a model; a model that was read from a file makes it when it is first asked. */
const indexes = new WeakMap<AnyMatrix, Promise<Index>>()

/** With more features than this a tree looks at nearly every row anyway. */
const mostFeatures = 15
/** With fewer rows it does not pay to build one. */
const fewestRows = 500

/**
 * The algorithm that 'auto' stands for. Products with every row are so fast that a tree has to leave out
 * nearly all of them: some hundred rows for every corner of a box (measured). Other distances than the
 * euclidean have no such products.
 */
export function algorithmFor(params: NeighborParams, x: AnyMatrix): 'kdTree' | 'brute' {
  const { algorithm, metric, nNeighbors, p } = params
  const { rows, width } = x
  if (isSparse(x)) return 'brute'
  if (algorithm !== 'auto') return algorithm
  if (metric === 'cosine' || width > mostFeatures || nNeighbors >= rows / 2) return 'brute'
  const products = metric === 'euclidean' || (metric === 'minkowski' && p === 2)
  return rows >= (products ? fewestRows * 2 ** width : fewestRows) ? 'kdTree' : 'brute'
}

/** Errors: ARGUMENT for a tree of cosines. */
export function checkNeighborParams(operation: string, params: NeighborParams): void {
  if (params.metric === 'cosine' && params.algorithm === 'kdTree')
    throw argumentError(operation, "algorithm 'brute' or 'auto' with metric 'cosine'", "'kdTree'")
}

type Watch = Pick<JobCall, 'signal' | 'onProgress'>

/** The index of a model's rows. */
export function indexOf(
  operation: string,
  rows: AnyMatrix,
  params: NeighborParams,
  watch: Watch = {},
): Promise<Index> {
  let index = indexes.get(rows)
  if (index === undefined) {
    index = makeIndex(operation, rows, params, watch)
    indexes.set(rows, index)
    index.catch(() => indexes.delete(rows))
  }
  return index
}

async function makeIndex(
  operation: string,
  given: AnyMatrix,
  params: NeighborParams,
  watch: Watch,
): Promise<Index> {
  const rows = isSparse(given) || given.x instanceof Float64Array ? given : inFloat64(given)
  if (algorithmFor(params, rows) === 'brute') return { rows, tree: undefined }
  const numbers = [rows.rows, rows.width, Math.min(params.leafSize, rows.rows)]
  const results = await runJob(operation, {
    kind: 'kdTree',
    numbers,
    arrays: [(rows as Matrix).x],
    ...watch,
  })
  const starts = new Int32Array(results[2])
  const arrays = [
    new Int32Array(results[0]),
    new Float64Array(results[1]),
    starts,
    new Float64Array(results[3]),
  ]
  return { rows, tree: { levels: Math.log2(starts.length - 1) + 1, arrays } }
}

function inFloat64({ x, rows, width }: Matrix): Matrix {
  return { x: Float64Array.from(x), rows, width }
}

const metricNumbers = { euclidean: 0, manhattan: 1, chebyshev: 2, minkowski: 3, cosine: 4 } as const

function metricOf({ metric, p }: NeighborParams): [number, number] {
  if (metric === 'minkowski' && p === 2) return [metricNumbers.euclidean, p]
  if (metric === 'minkowski' && p === 1) return [metricNumbers.manhattan, p]
  return [metricNumbers[metric], p]
}

/** Numbers and arrays with which every search begins. */
async function searchOf(
  operation: string,
  rows: AnyMatrix,
  params: NeighborParams,
  queries: AnyMatrix,
) {
  const index = await indexOf(operation, rows, params)
  const points = rowSource(index.rows)
  const asked = rowSource(sameForm(queries, rows))
  const none = [new Int32Array(0), new Float64Array(0), new Int32Array(0), new Float64Array(0)]
  return {
    numbers: [...points.numbers, ...asked.numbers, ...metricOf(params), index.tree?.levels ?? 0],
    arrays: [...points.arrays, ...asked.arrays, ...(index.tree?.arrays ?? none)],
  }
}

/** Sparse where the rows are, dense where they are. */
function sameForm(queries: AnyMatrix, rows: AnyMatrix): AnyMatrix {
  if (isSparse(queries)) return isSparse(rows) ? queries : queries.toDense()
  return isSparse(rows) ? SparseMatrix.fromDense(queries) : queries
}

/** Row-major `queries × k`, the nearest first; of equally near ones the one with the lower number. */
export interface Neighbors {
  readonly indices: Int32Array
  readonly distances: Float64Array
}

/**
 * The k nearest of `rows` to each query.
 *
 * @throws AthanorError DATA where there are fewer rows than neighbours.
 */
export async function nearestOf(
  operation: string,
  rows: AnyMatrix,
  params: NeighborParams,
  queries: AnyMatrix,
  k: number,
): Promise<Neighbors> {
  requireRows(operation, rows.rows, k)
  const search = await searchOf(operation, rows, params, queries)
  const [indices, distances] = await runJob(operation, {
    kind: 'nearestNeighbours',
    numbers: [...search.numbers, k],
    arrays: search.arrays,
  })
  return { indices: new Int32Array(indices), distances: new Float64Array(distances) }
}

/**
 * The k nearest of `rows` to each of them, itself left out.
 *
 * @throws AthanorError DATA where there are fewer other rows than neighbours.
 */
export async function nearestOthers(
  operation: string,
  rows: AnyMatrix,
  params: NeighborParams,
  k: number,
): Promise<Neighbors> {
  requireRows(operation, rows.rows - 1, k)
  const found = await nearestOf(operation, rows, params, rows, k + 1)
  const indices = new Int32Array(rows.rows * k)
  const distances = new Float64Array(rows.rows * k)
  for (let row = 0; row < rows.rows; row++) {
    const at = row * (k + 1)
    // Among more equal rows than neighbours it may not be found; then the last one goes.
    const own = found.indices.subarray(at, at + k + 1).indexOf(row)
    const skipped = own < 0 ? k : own
    for (let i = 0; i < k; i++) {
      const from = at + (i < skipped ? i : i + 1)
      indices[row * k + i] = found.indices[from]
      distances[row * k + i] = found.distances[from]
    }
  }
  return { indices, distances }
}

export function requireRows(operation: string, rows: number, k: number): void {
  if (k <= rows) return
  throw new AthanorError('DATA', {
    operation,
    expected: `at least ${k} rows, for ${k} neighbours`,
    received: String(rows),
    fix: 'Lower nNeighbors',
  })
}

/** For each query the rows within a radius, ascending, and how far they are. */
export interface RadiusNeighbors {
  readonly indices: readonly Int32Array[]
  readonly distances: readonly Float64Array[]
}

export async function within(
  operation: string,
  rows: AnyMatrix,
  params: NeighborParams,
  queries: AnyMatrix,
  radius: number,
): Promise<RadiusNeighbors> {
  const search = await searchOf(operation, rows, params, queries)
  const results = await runJob(operation, {
    kind: 'radiusNeighbours',
    numbers: [...search.numbers, radius],
    arrays: search.arrays,
  })
  const starts = new Float64Array(results[0])
  const points = new Int32Array(results[1])
  const distances = new Float64Array(results[2])
  const each = <T>(cut: (from: number, to: number) => T) =>
    Array.from({ length: queries.rows }, (_, q) => cut(starts[q], starts[q + 1]))
  return {
    indices: each((from, to) => points.slice(from, to)),
    distances: each((from, to) => distances.slice(from, to)),
  }
}

/** What each neighbour counts; where some lie at distance 0, they alone. */
export function neighborWeights(
  weights: 'uniform' | 'distance',
  distances: Float64Array,
  k: number,
): Float64Array {
  if (weights === 'uniform') return new Float64Array(distances.length).fill(1)
  const out = new Float64Array(distances.length)
  for (let at = 0; at < distances.length; at += k) {
    const own = distances.subarray(at, at + k)
    const exact = own.includes(0)
    for (let i = 0; i < k; i++) out[at + i] = exact ? (own[i] === 0 ? 1 : 0) : 1 / own[i]
  }
  return out
}
