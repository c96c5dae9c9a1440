// Trees as flat arrays, whoever grew them: forests, boosting, XGBoost, LightGBM. Siblings lie side by side
// and children behind their parent, so that a walk always ends.

import type { JsonReader } from '../../base/json-reader.js'
import type { Matrix } from '../../estimator/matrix.js'
import {
  type Codec,
  flag,
  float64s,
  int32s,
  integer,
  optional,
  record,
  type StateTable,
  uint8s,
  uint32s,
} from '../../estimator/state.js'
import { runJob } from '../../execute/jobs.js'

/** Bits of `flags`. The numbers are those of kernels/learn/predict-trees.cpp. */
export const nodeFlags = {
  /** A missing cell goes left, else right. */
  missingLeft: 1,
  /** `threshold` is the number of a set of categories; those in it go left. */
  categorical: 2,
  /** A category too high for its set (or below 0) goes left, else right. */
  unknownLeft: 4,
  /** Zeros (|x| ≤ 1e-35) are missing cells too, as LightGBM may have it. */
  zeroIsMissing: 8,
} as const

/** An ensemble of trees. A row's outputs are `base` and the values of the leaves it reaches, summed up. */
export interface TreeEnsemble {
  /** Outputs of a row. */
  readonly outputs: number
  /** Values of a leaf: 1, which goes to the output of its tree, or as many as there are outputs. */
  readonly leafWidth: number
  /** Features are rounded to float32 before they are compared, as XGBoost does. */
  readonly rounds: boolean
  /** What every row starts from, one value an output. */
  readonly base: Float64Array
  /** The first node (the root) of each tree; behind them the number of nodes. */
  readonly treeStart: Int32Array
  /** The output of each tree, where leaves have one value; undefined: all go to output 0. */
  readonly treeOutput: Int32Array | undefined
  /** By node: the feature it looks at, −1 at a leaf. */
  readonly feature: Int32Array
  /** By node: x ≤ threshold goes left, compared in float64; +∞ parts numbers from missing cells. */
  readonly threshold: Float64Array
  /** By node: see `nodeFlags`. */
  readonly flags: Uint8Array
  /** By node: its left child, behind which lies the right one; at a leaf the leaf's number. */
  readonly left: Int32Array
  /** By leaf: its `leafWidth` values. */
  readonly values: Float64Array
  /** The first word of each set of categories; behind them the number of words. */
  readonly setStart: Int32Array
  /** Bit c of a set: category c goes left. */
  readonly setWords: Uint32Array
}

const table: StateTable<TreeEnsemble> = {
  outputs: integer(1, 1e7),
  leafWidth: integer(1, 1e7),
  rounds: flag,
  base: float64s(),
  treeStart: int32s({ low: 0 }),
  treeOutput: optional(int32s({ low: 0 })),
  feature: int32s({ low: -1 }),
  threshold: float64s({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }),
  flags: uint8s({ high: 15 }),
  left: int32s({ low: 0 }),
  values: float64s(),
  setStart: int32s({ low: 0 }),
  setWords: uint32s(),
}

const plain = record(table)

/** Trees in a saved state. `checkTrees` has to follow, once the number of features is known. */
export const treeEnsemble: Codec<TreeEnsemble> = {
  write: plain.write,
  read: json => {
    const trees = plain.read(json)
    const fault = faultOf(trees, Number.POSITIVE_INFINITY)
    if (fault !== undefined) json.fail('sound trees', fault)
    return trees
  },
}

/** Refuses trees that look at features beyond `width`; a file may say anything. */
export function checkTrees(trees: TreeEnsemble, width: number, json: JsonReader): void {
  for (let i = 0; i < trees.feature.length; i++)
    if (trees.feature[i] >= width)
      json.fail(`features below ${width}`, `${trees.feature[i]} at node ${i}`)
}

/** What is wrong with the trees, in words; undefined where nothing is. */
export function faultOf(trees: TreeEnsemble, width: number): string | undefined {
  const { outputs, leafWidth, base, treeStart, treeOutput, setStart, setWords } = trees
  const nodes = trees.feature.length
  const leaves = trees.values.length / leafWidth
  if (base.length !== outputs) return `${base.length} base values for ${outputs} outputs`
  if (leafWidth !== 1 && leafWidth !== outputs) return `leaves of ${leafWidth} values`
  if (!Number.isInteger(leaves)) return 'leaves of unequal size'
  for (const name of ['threshold', 'flags', 'left'] as const)
    if (trees[name].length !== nodes) return `${trees[name].length} ${name} for ${nodes} nodes`
  const count = treeStart.length - 1
  if (count < 0 || treeStart[0] !== 0 || treeStart[count] !== nodes)
    return 'trees without their nodes'
  if (treeOutput !== undefined && treeOutput.length !== count) return 'outputs of other trees'
  if (setStart.length < 1 || setStart[0] !== 0 || setStart[setStart.length - 1] !== setWords.length)
    return 'sets without their words'
  for (let s = 1; s < setStart.length; s++)
    if (setStart[s] < setStart[s - 1]) return `set ${s - 1} of negative size`
  for (let tree = 0; tree < count; tree++) {
    const [begin, end] = [treeStart[tree], treeStart[tree + 1]]
    if (!(begin < end && end <= nodes)) return `tree ${tree} without nodes`
    if (treeOutput !== undefined && treeOutput[tree] >= outputs)
      return `tree ${tree} for output ${treeOutput[tree]}`
    for (let i = begin; i < end; i++) {
      const fault = faultOfNode(trees, i, end, width, leaves)
      if (fault !== undefined) return `node ${i}: ${fault}`
    }
  }
  return undefined
}

function faultOfNode(
  { feature, left, threshold, flags, setStart }: TreeEnsemble,
  node: number,
  end: number,
  width: number,
  leaves: number,
): string | undefined {
  const child = left[node]
  if (feature[node] < 0)
    return child >= 0 && child < leaves ? undefined : `leaf ${child} of ${leaves}`
  if (!(feature[node] < width)) return `feature ${feature[node]} of ${width}`
  if (!(child > node && child + 1 < end)) return `child ${child} outside ${node + 1}..${end - 2}`
  if ((flags[node] & nodeFlags.categorical) === 0)
    return Number.isNaN(threshold[node]) ? 'threshold NaN' : undefined
  const set = threshold[node]
  return Number.isInteger(set) && set >= 0 && set < setStart.length - 1 ? undefined : `set ${set}`
}

/** The leaf of tree `tree` that a row reaches; the row begins at `x[at]`. */
export function leafOf(trees: TreeEnsemble, tree: number, x: ArrayLike<number>, at = 0): number {
  const { feature, threshold, left, flags, rounds } = trees
  let node = trees.treeStart[tree]
  for (;;) {
    const f = feature[node]
    if (f < 0) return left[node]
    const value = rounds ? Math.fround(x[at + f]) : x[at + f]
    const special = flags[node]
    // What goes by its threshold alone comes first: NaN is neither above nor below.
    if (special < nodeFlags.categorical && value <= threshold[node]) node = left[node]
    else if (special < nodeFlags.categorical && value > threshold[node]) node = left[node] + 1
    else node = left[node] + (goesLeft(trees, node, value) ? 0 : 1)
  }
}

/** Whether any value goes left at an inner node: missing cells and categories too. */
export function goesLeft(trees: TreeEnsemble, node: number, value: number): boolean {
  const flags = trees.flags[node]
  const zero = (flags & nodeFlags.zeroIsMissing) !== 0 && Math.abs(value) <= zeroThreshold
  if (Number.isNaN(value) || zero) return (flags & nodeFlags.missingLeft) !== 0
  if ((flags & nodeFlags.categorical) === 0) return value <= trees.threshold[node]
  const begin = trees.setStart[trees.threshold[node]]
  const end = trees.setStart[trees.threshold[node] + 1]
  const bit = Math.trunc(value)
  if (!(bit >= 0 && bit < (end - begin) * 32)) return (flags & nodeFlags.unknownLeft) !== 0
  return ((trees.setWords[begin + (bit >> 5)] >>> (bit & 31)) & 1) !== 0
}

const zeroThreshold = Math.fround(1e-35)

/** Adds one row's outputs to `out[to …]`, which hold what they start from. The row begins at `x[at]`. */
export function addRow(
  trees: TreeEnsemble,
  x: ArrayLike<number>,
  at: number,
  out: Float64Array,
  to: number,
  firstTree = 0,
  endTree = trees.treeStart.length - 1,
): void {
  for (let tree = firstTree; tree < endTree; tree++)
    addLeaf(trees, tree, leafOf(trees, tree, x, at), out, to)
}

function addLeaf(
  { leafWidth, values, treeOutput }: TreeEnsemble,
  tree: number,
  leaf: number,
  out: Float64Array,
  to: number,
): void {
  if (leafWidth === 1) out[to + (treeOutput === undefined ? 0 : treeOutput[tree])] += values[leaf]
  else for (let k = 0; k < leafWidth; k++) out[to + k] += values[leaf * leafWidth + k]
}

/** Nodes side by side, for rows without missing cells: what one step needs lies in one cache line. */
interface PackedNodes {
  /** Four words a node: the feature, the left child, and the threshold. A leaf leads to itself. */
  readonly words: Int32Array
  /** The same memory, two numbers a node; the second is the threshold. */
  readonly numbers: Float64Array
}

/** undefined for trees with categories, or zeros that are missing cells. */
const packed = new WeakMap<TreeEnsemble, PackedNodes | undefined>()

function packedNodes(trees: TreeEnsemble): PackedNodes | undefined {
  if (packed.has(trees)) return packed.get(trees)
  const { feature, threshold, left, flags } = trees
  const numbers = new Float64Array(2 * feature.length)
  const words = new Int32Array(numbers.buffer)
  const special = nodeFlags.categorical | nodeFlags.zeroIsMissing
  let isPlain = true
  for (let i = 0; i < feature.length; i++) {
    const isLeaf = feature[i] < 0
    if (!isLeaf && (flags[i] & special) !== 0) isPlain = false
    words[4 * i] = isLeaf ? 0 : feature[i]
    words[4 * i + 1] = isLeaf ? i : left[i]
    numbers[2 * i + 1] = isLeaf ? Number.POSITIVE_INFINITY : threshold[i]
  }
  const made = isPlain ? { words, numbers } : undefined
  packed.set(trees, made)
  return made
}

/** As `addRow`, for a row of which no cell is missing. Four trees at once: none waits for another. */
function addPlainRow(
  trees: TreeEnsemble,
  { words, numbers }: PackedNodes,
  x: Float32Array | Float64Array,
  at: number,
  out: Float64Array,
  to: number,
  firstTree: number,
  endTree: number,
): void {
  const { treeStart } = trees
  const last = endTree - 1
  for (let tree = firstTree; tree < endTree; tree += 4) {
    let a = treeStart[tree]
    let b = treeStart[Math.min(tree + 1, last)]
    let c = treeStart[Math.min(tree + 2, last)]
    let d = treeStart[Math.min(tree + 3, last)]
    for (let moved = 1; moved !== 0; ) {
      const nextA = words[4 * a + 1] + Number(x[at + words[4 * a]] > numbers[2 * a + 1])
      const nextB = words[4 * b + 1] + Number(x[at + words[4 * b]] > numbers[2 * b + 1])
      const nextC = words[4 * c + 1] + Number(x[at + words[4 * c]] > numbers[2 * c + 1])
      const nextD = words[4 * d + 1] + Number(x[at + words[4 * d]] > numbers[2 * d + 1])
      moved = (a ^ nextA) | (b ^ nextB) | (c ^ nextC) | (d ^ nextD)
      a = nextA
      b = nextB
      c = nextC
      d = nextD
    }
    addLeaf(trees, tree, trees.left[a], out, to)
    if (tree + 1 < endTree) addLeaf(trees, tree + 1, trees.left[b], out, to)
    if (tree + 2 < endTree) addLeaf(trees, tree + 2, trees.left[c], out, to)
    if (tree + 3 < endTree) addLeaf(trees, tree + 3, trees.left[d], out, to)
  }
}

export interface PredictOptions {
  /** Trees from this one on; 0 by default. */
  readonly firstTree?: number
  /** Trees before this one; all by default. */
  readonly endTree?: number
  readonly signal?: AbortSignal | undefined
}

/** Walks of one row through one tree that are faster here than in a job. */
const fewWalks = 4096

/**
 * Outputs of all rows, row-major `rows × outputs`: `base` and the leaves' values. The trees must be sound
 * (`faultOf`) for features as wide as `x`.
 *
 * @throws AthanorError INTERRUPTED after `signal`.
 */
export async function predictTrees(
  operation: string,
  trees: TreeEnsemble,
  { x, rows, width }: Matrix,
  { firstTree = 0, endTree = trees.treeStart.length - 1, signal }: PredictOptions = {},
): Promise<Float64Array> {
  const { outputs, base } = trees
  if (rows * (endTree - firstTree) <= fewWalks) {
    const out = new Float64Array(rows * outputs)
    const nodes = packedNodes(trees)
    const cells = trees.rounds ? Float32Array.from(x) : x
    for (let row = 0; row < rows; row++) {
      const [at, to] = [row * width, row * outputs]
      out.set(base, to)
      let sum = 0
      for (let j = at; j < at + width; j++) sum += cells[j] - cells[j]
      // 0 where every cell is a finite number.
      if (nodes !== undefined && sum === 0)
        addPlainRow(trees, nodes, cells, at, out, to, firstTree, endTree)
      else addRow(trees, cells, at, out, to, firstTree, endTree)
    }
    return out
  }
  const isDouble = x instanceof Float64Array
  const [out] = await runJob(operation, {
    kind: 'predictTrees',
    numbers: [
      ...[rows, width, Number(isDouble), Number(trees.rounds), outputs, trees.leafWidth],
      ...[trees.treeStart.length - 1, trees.feature.length, trees.values.length / trees.leafWidth],
      ...[trees.setStart.length - 1, trees.setWords.length, firstTree, endTree],
    ],
    arrays: [
      ...[x, base, trees.treeStart, trees.feature, trees.threshold, trees.flags, trees.left],
      ...[trees.values, trees.treeOutput ?? new Int32Array(0), trees.setStart, trees.setWords],
    ],
    signal,
  })
  return new Float64Array(out)
}
