// What boosting learns, ours or another library's: trees, the categories that their sets stand for, and
// how the loss went. Raw predictions of any rows.

import type { JsonReader } from '../../base/json-reader.js'
import type { Frame } from '../../estimator/base-estimator.js'
import type { Matrix } from '../../estimator/matrix.js'
import { float64s, int32s, list, optional, type StateTable } from '../../estimator/state.js'
import {
  checkTrees,
  type PredictOptions,
  predictTrees,
  type TreeEnsemble,
  treeEnsemble,
} from '../trees/tree-ensemble.js'

export interface BoostedTrees {
  readonly trees: TreeEnsemble
  /** Columns whose values become places among `categories` before the trees see them. */
  readonly categoricalColumns: Int32Array
  /** The values of each of these columns, ascending. */
  readonly categories: readonly Float64Array[]
  /** By node: how much the loss fell by its division; undefined where nobody said. */
  readonly gain: Float64Array | undefined
  /** By node: training rows that came there; undefined where nobody said. */
  readonly count: Float64Array | undefined
  /** The negative loss of training rows before the first iteration and after each. */
  readonly trainScore: Float64Array
  /** The same of held-out rows; empty where none were. */
  readonly validationScore: Float64Array
}

export const boostedTrees: StateTable<BoostedTrees> = {
  trees: treeEnsemble,
  categoricalColumns: int32s({ low: 0 }),
  categories: list(float64s()),
  gain: optional(float64s()),
  count: optional(float64s({ low: 0 })),
  trainScore: float64s(),
  validationScore: float64s(),
}

/** A saved state's parts against each other. */
export function checkBoostedTrees(
  { trees, categoricalColumns, categories, gain, count, nFeaturesIn }: BoostedTrees & Frame,
  outputs: readonly number[],
  json: JsonReader,
): void {
  checkTrees(trees, nFeaturesIn, json)
  if (!outputs.includes(trees.outputs))
    json.fail(`trees for ${outputs.join(' or ')} outputs`, `${trees.outputs}`)
  if (trees.leafWidth !== 1) json.fail('leaves of one value', `${trees.leafWidth}`)
  if ((trees.treeStart.length - 1) % trees.outputs !== 0)
    json.fail(`as many trees for each of ${trees.outputs} outputs`, `${trees.treeStart.length - 1}`)
  const nodes = trees.feature.length
  for (const values of [gain, count])
    if (values !== undefined && values.length !== nodes)
      json.fail(`${nodes} values, one a node`, `${values.length}`)
  if (categories.length !== categoricalColumns.length)
    json.fail('categories of each categorical column', `${categories.length}`)
  categoricalColumns.forEach((column, i) => {
    if (column >= nFeaturesIn) json.fail(`columns below ${nFeaturesIn}`, `${column}`)
    if (i > 0 && column <= categoricalColumns[i - 1]) json.fail('ascending columns', `${column}`)
    if (categories[i].some((value, k) => k > 0 && value <= categories[i][k - 1]))
      json.fail('ascending categories', 'others')
  })
}

/** Sums of `base` and the leaves' values, row-major `rows × outputs`. */
export function rawPredictions(
  operation: string,
  { trees, categoricalColumns, categories }: BoostedTrees,
  x: Matrix,
  options: PredictOptions = {},
): Promise<Float64Array> {
  const encoded =
    categoricalColumns.length === 0 ? x : encodeCategories(x, categoricalColumns, categories)
  return predictTrees(operation, trees, encoded, options)
}

/** A copy with the places of categories; those never seen are missing. */
function encodeCategories(
  { x, rows, width }: Matrix,
  columns: Int32Array,
  categories: readonly Float64Array[],
): Matrix {
  const copy = x.slice()
  columns.forEach((column, i) => {
    const places = new Map(Array.from(categories[i], (value, place) => [value, place]))
    for (let at = column; at < rows * width; at += width)
      copy[at] = places.get(copy[at]) ?? Number.NaN
  })
  return { x: copy, rows, width }
}

/** Trees of each iteration. */
export function treesPerIteration({ trees }: BoostedTrees): number {
  return trees.outputs
}

export function iterationsOf({ trees }: BoostedTrees): number {
  return (trees.treeStart.length - 1) / trees.outputs
}

/** Raw predictions after each iteration; one array, which is overwritten from step to step. */
export async function* stagedRawPredictions(
  operation: string,
  state: BoostedTrees,
  x: Matrix,
): AsyncGenerator<Float64Array> {
  const per = treesPerIteration(state)
  const { base, outputs } = state.trees
  let sum: Float64Array | undefined
  for (let i = 0; i < iterationsOf(state); i++) {
    const options = { firstTree: i * per, endTree: (i + 1) * per }
    const step = await rawPredictions(operation, state, x, options)
    if (sum === undefined) sum = step
    else for (let at = 0; at < sum.length; at++) sum[at] += step[at] - base[at % outputs]
    yield sum
  }
}

/** Each feature's share of all gains; undefined where these are unknown. */
export function gainShares({ trees, gain }: BoostedTrees, width: number): Float64Array | undefined {
  if (gain === undefined) return undefined
  const shares = new Float64Array(width)
  let total = 0
  trees.feature.forEach((feature, node) => {
    if (feature < 0) return
    shares[feature] += gain[node]
    total += gain[node]
  })
  return total > 0 ? shares.map(share => share / total) : shares
}
