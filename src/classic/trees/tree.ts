// One tree of an ensemble as people and pictures look at it: plain arrays by node, as scikit-learn's `tree_`.

import { argumentError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import type { Matrix } from '../../estimator/matrix.js'
import { forRowBlocks } from '../../estimator/row-blocks.js'
import { goesLeft, nodeFlags, type TreeEnsemble } from './tree-ensemble.js'

/**
 * A tree's arrays, one entry a node. Node 0 is the root; children have higher numbers than their parents,
 * siblings follow each other.
 */
export interface Tree {
  readonly nodeCount: number
  /** Numbers in a node's value: one a class, or one. */
  readonly outputs: number
  /** −1 at leaves. */
  readonly childrenLeft: Int32Array
  readonly childrenRight: Int32Array
  /** The feature looked at; −1 at leaves. */
  readonly feature: Int32Array
  /** Values up to it go left; +∞: all that are not missing. NaN where categories divide. */
  readonly threshold: Float64Array
  /** 1 where missing values go left. */
  readonly missingGoToLeft: Uint8Array
  /** Where categories divide: the codes that go left; else undefined. */
  readonly categoriesLeft: readonly (readonly number[] | undefined)[]
  /** What each node predicts, `outputs` numbers: shares of the classes, or a number. */
  readonly value: Float64Array
  /** Training rows in the node; undefined where that was not kept. */
  readonly nNodeSamples: ArrayLike<number> | undefined
  /** Their weights; undefined where they were not kept. */
  readonly weightedNNodeSamples: Float64Array | undefined
  /** Undefined where it was not kept. */
  readonly impurity: Float64Array | undefined
  /** What the numbers of a value belong to; undefined for regressors. */
  readonly classes: readonly Label[] | undefined
  readonly nFeaturesIn: number
  readonly featureNamesIn: readonly string[] | undefined
}

export interface TreeSurroundings {
  readonly classes?: readonly Label[] | undefined
  readonly nFeaturesIn: number
  readonly featureNamesIn?: readonly string[] | undefined
  /** By node of the ensemble. */
  readonly nNodeSamples?: ArrayLike<number> | undefined
  readonly weightedNNodeSamples?: Float64Array
  readonly impurity?: Float64Array
  /** Values of all nodes; without them, those of inner nodes are means of what is below. */
  readonly nodeValues?: Float64Array
}

/** Tree `index` of an ensemble by itself. Errors: ARGUMENT for a number that no tree has. */
export function treeAt(
  operation: string,
  trees: TreeEnsemble,
  index: number,
  around: TreeSurroundings,
): Tree {
  const count = trees.treeStart.length - 1
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw argumentError(operation, `a tree from 0 to ${count - 1}`, String(index))
  const [begin, end] = [trees.treeStart[index], trees.treeStart[index + 1]]
  const nodeCount = end - begin
  const outputs = trees.leafWidth
  const feature = trees.feature.slice(begin, end)
  const isCategorical = (i: number) => (trees.flags[begin + i] & nodeFlags.categorical) !== 0
  const childrenLeft = feature.map((f, i) => (f < 0 ? -1 : trees.left[begin + i] - begin))
  const part = <T extends Float64Array | undefined>(values: T, width = 1) =>
    values?.slice(begin * width, end * width) as T
  const nNodeSamples =
    around.nNodeSamples && Array.prototype.slice.call(around.nNodeSamples, begin, end)
  const tree = {
    nodeCount,
    outputs,
    childrenLeft,
    childrenRight: childrenLeft.map(left => (left < 0 ? -1 : left + 1)),
    feature,
    threshold: Float64Array.from(feature, (f, i) =>
      f < 0 ? 0 : isCategorical(i) ? Number.NaN : trees.threshold[begin + i],
    ),
    missingGoToLeft: Uint8Array.from(feature, (_, i) =>
      (trees.flags[begin + i] & nodeFlags.missingLeft) === 0 ? 0 : 1,
    ),
    categoriesLeft: Array.from(feature, (f, i) =>
      f >= 0 && isCategorical(i) ? categoriesOf(trees, trees.threshold[begin + i]) : undefined,
    ),
    nNodeSamples,
    weightedNNodeSamples: part(around.weightedNNodeSamples),
    impurity: part(around.impurity),
    classes: around.classes,
    nFeaturesIn: around.nFeaturesIn,
    featureNamesIn: around.featureNamesIn,
  }
  const value = part(around.nodeValues, outputs) ?? meansBelow(trees, begin, tree, nNodeSamples)
  return { ...tree, value }
}

function categoriesOf({ setStart, setWords }: TreeEnsemble, set: number): number[] {
  const codes: number[] = []
  for (let word = setStart[set]; word < setStart[set + 1]; word++)
    for (let bit = 0; bit < 32; bit++)
      if (((setWords[word] >>> bit) & 1) !== 0) codes.push((word - setStart[set]) * 32 + bit)
  return codes
}

/** Leaves keep their values; above them stands the mean, by rows where these are known. */
function meansBelow(
  trees: TreeEnsemble,
  begin: number,
  tree: Pick<Tree, 'nodeCount' | 'outputs' | 'childrenLeft' | 'childrenRight'>,
  samples: ArrayLike<number> | undefined,
): Float64Array {
  const { nodeCount, outputs, childrenLeft, childrenRight } = tree
  const value = new Float64Array(nodeCount * outputs)
  for (let node = nodeCount - 1; node >= 0; node--)
    for (let k = 0; k < outputs; k++) {
      const at = node * outputs + k
      const [l, r] = [childrenLeft[node], childrenRight[node]]
      if (l < 0) value[at] = trees.values[trees.left[begin + node] * outputs + k]
      else {
        const [nl, nr] = samples === undefined ? [1, 1] : [samples[l], samples[r]]
        const sum = nl * value[l * outputs + k] + nr * value[r * outputs + k]
        value[at] = nl + nr === 0 ? 0 : sum / (nl + nr)
      }
    }
  return value
}

/** Levels below the root. */
export function depthOf({ childrenLeft, childrenRight }: Tree): number {
  const depth = new Int32Array(childrenLeft.length)
  let deepest = 0
  for (let node = 0; node < childrenLeft.length; node++) {
    deepest = Math.max(deepest, depth[node])
    for (const child of [childrenLeft[node], childrenRight[node]])
      if (child >= 0) depth[child] = depth[node] + 1
  }
  return deepest
}

/** The leaf that each row reaches, as its number among the nodes of its tree; row-major `rows × trees`. */
export async function leavesOf(
  operation: string,
  trees: TreeEnsemble,
  { x, rows, width }: Matrix,
): Promise<Int32Array> {
  const count = trees.treeStart.length - 1
  const out = new Int32Array(rows * count)
  await forRowBlocks(operation, { rows, width: 16 * count }, (begin, end) => {
    for (let tree = 0; tree < count; tree++)
      for (let row = begin; row < end; row++) {
        const leaf = walk(trees, tree, x, row * width)
        out[row * count + tree] = leaf - trees.treeStart[tree]
      }
  })
  return out
}

/** The node in which a row's walk ends; `visit` sees each on the way. */
export function walk(
  trees: TreeEnsemble,
  tree: number,
  x: ArrayLike<number>,
  at: number,
  visit?: (node: number) => void,
): number {
  const { feature, left, rounds } = trees
  let node = trees.treeStart[tree]
  for (;;) {
    visit?.(node)
    const f = feature[node]
    if (f < 0) return node
    const value = rounds ? Math.fround(x[at + f]) : x[at + f]
    node = left[node] + (goesLeft(trees, node, value) ? 0 : 1)
  }
}
