// Rows to be found again: kept as they were given, with a tree over them where that is faster, and
// searched by kernels/learn/neighbours.cpp.

import { AthanorError, argumentError } from '../../base/errors.js'
import type { Matrix } from '../../estimator/matrix.js'
import { type Codec, choice, float32s, float64s, integer } from '../../estimator/state.js'
import { type JobCall, runJob } from '../../execute/jobs.js'
import type { NeighborParams } from './neighbor-parameters.js'

/** Dense training rows in a saved state, as wide as they were. */
export const rowsCodec: Codec<Matrix> = {
  write: ({ x, rows, width }) => ({
    type: x instanceof Float32Array ? 'float32' : 'float64',
    rows,
    width,
    x,
  }),
  read: json => {
    json.only('type', 'rows', 'width', 'x')
    const type = choice(['float32', 'float64']).read(json.get('type'))
    const rows = integer(1, 2 ** 30).read(json.get('rows'))
    const width = integer(1, 2 ** 30).read(json.get('width'))
    const rule = { length: rows * width }
    const x = (type === 'float32' ? float32s(rule) : float64s(rule)).read(json.get('x'))
    return { x, rows, width }
  },
}

/** A copy that nobody else changes. */
export function keptRows({ x, rows, width }: Matrix): Matrix {
  return { x: x.slice(), rows, width }
}

interface Tree {
  readonly levels: number
  readonly arrays: readonly ArrayBufferView[]
}

interface Index {
  readonly x: Float64Array
  readonly tree: Tree | undefined
}

/** Made once for the rows of a model; a model that was read from a file makes it when it is first asked. */
const indexes = new WeakMap<Matrix, Promise<Index>>()

/** With more features than this a tree looks at nearly every row anyway. */
const mostFeatures = 15
/** With fewer rows it does not pay to build one. */
const fewestRows = 500

/**
 * The algorithm that 'auto' stands for. Products with every row are so fast that a tree has to leave out
 * nearly all of them: some hundred rows for every corner of a box (measured). Other distances than the
 * euclidean have no such products.
 */
export function algorithmFor(params: NeighborParams, { rows, width }: Matrix): 'kdTree' | 'brute' {
  const { algorithm, metric, nNeighbors, p } = params
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
  rows: Matrix,
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
  { x: given, rows, width }: Matrix,
  params: NeighborParams,
  watch: Watch,
): Promise<Index> {
  const x = given instanceof Float64Array ? given : Float64Array.from(given)
  if (algorithmFor(params, { x, rows, width }) === 'brute') return { x, tree: undefined }
  const numbers = [rows, width, Math.min(params.leafSize, rows)]
  const results = await runJob(operation, { kind: 'kdTree', numbers, arrays: [x], ...watch })
  const starts = new Int32Array(results[2])
  const arrays = [
    new Int32Array(results[0]),
    new Float64Array(results[1]),
    starts,
    new Float64Array(results[3]),
  ]
  return { x, tree: { levels: Math.log2(starts.length - 1) + 1, arrays } }
}

const metricNumbers = { euclidean: 0, manhattan: 1, chebyshev: 2, minkowski: 3, cosine: 4 } as const

function metricOf({ metric, p }: NeighborParams): [number, number] {
  if (metric === 'minkowski' && p === 2) return [metricNumbers.euclidean, p]
  if (metric === 'minkowski' && p === 1) return [metricNumbers.manhattan, p]
  return [metricNumbers[metric], p]
}

/** Numbers and arrays with which every search begins. */
async function searchOf(operation: string, rows: Matrix, params: NeighborParams) {
  const { x, tree } = await indexOf(operation, rows, params)
  const none = [new Int32Array(0), new Float64Array(0), new Int32Array(0), new Float64Array(0)]
  return {
    numbers: [rows.rows, rows.width, ...metricOf(params), tree?.levels ?? 0],
    arrays: [x, ...(tree?.arrays ?? none)],
  }
}

const asFloat64 = ({ x }: Matrix) => (x instanceof Float64Array ? x : Float64Array.from(x))

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
  rows: Matrix,
  params: NeighborParams,
  queries: Matrix,
  k: number,
): Promise<Neighbors> {
  requireRows(operation, rows.rows, k)
  const search = await searchOf(operation, rows, params)
  const [indices, distances] = await runJob(operation, {
    kind: 'nearestNeighbours',
    numbers: [...search.numbers, k, queries.rows],
    arrays: [...search.arrays, asFloat64(queries)],
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
  rows: Matrix,
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
  rows: Matrix,
  params: NeighborParams,
  queries: Matrix,
  radius: number,
): Promise<RadiusNeighbors> {
  const search = await searchOf(operation, rows, params)
  const results = await runJob(operation, {
    kind: 'radiusNeighbours',
    numbers: [...search.numbers, radius, queries.rows],
    arrays: [...search.arrays, asFloat64(queries)],
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
