// What a text and a picture of a tree say: names, questions, numbers.

import { argumentError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import type { Tree } from './tree.js'

/** A tree, or an estimator that is one. */
export type HasTree = Tree | { readonly tree: Tree }

export interface TreeNames {
  /** Names of the features; by default those of fit, else feature_0, feature_1, … */
  readonly featureNames?: readonly string[]
  /** Names of the classes, in the order of their labels; by default the labels. */
  readonly classNames?: readonly string[]
}

/** The words of a picture, for other languages; `{n}` stands for a number, `{name}` for a feature's name. */
export interface TreeWords {
  readonly yes: string
  readonly no: string
  readonly row: string
  readonly rows: string
  /** Under a node whose subtree is not drawn. */
  readonly more: string
  readonly isThere: string
  readonly missingLeft: string
  readonly missingRight: string
  readonly weight: string
  readonly impurity: string
  readonly value: string
  /** What a reader aloud says of the picture. */
  readonly picture: string
}

export const englishTreeWords: TreeWords = {
  yes: 'yes',
  no: 'no',
  row: '{n} row',
  rows: '{n} rows',
  more: '… {n} more',
  isThere: '{name} is there',
  missingLeft: 'missing values go left',
  missingRight: 'missing values go right',
  weight: 'weight',
  impurity: 'impurity',
  value: 'value',
  picture: 'Decision tree of {n} nodes',
}

/** With the number in its place; thousands are set apart. */
export function counted(words: string, n: number): string {
  return words.replace('{n}', n.toLocaleString('en-US'))
}

export interface NamedTree {
  readonly tree: Tree
  readonly features: readonly string[]
  /** Undefined for regressors. */
  readonly classes: readonly string[] | undefined
}

/** The tree with a name for everything. Errors: ARGUMENT for names too few or too many. */
export function namedTree(operation: string, given: HasTree, names: TreeNames): NamedTree {
  const tree = 'nodeCount' in given ? given : given.tree
  const { nFeaturesIn, classes, featureNamesIn } = tree
  const features =
    names.featureNames ??
    featureNamesIn ??
    Array.from({ length: nFeaturesIn }, (_, i) => `feature_${i}`)
  if (features.length !== nFeaturesIn)
    throw argumentError(operation, `${nFeaturesIn} featureNames`, String(features.length))
  const { classNames } = names
  if (classNames !== undefined && classNames.length !== (classes?.length ?? 0))
    throw argumentError(operation, `${classes?.length ?? 0} classNames`, String(classNames.length))
  return { tree, features, classes: classNames ?? classes?.map((label: Label) => String(label)) }
}

/** The place of the largest share of a node, of equal ones the first. */
export function classOf({ value, outputs }: Tree, node: number): number {
  let best = 0
  for (let k = 1; k < outputs; k++)
    if (value[node * outputs + k] > value[node * outputs + best]) best = k
  return best
}

/** A number with so many decimals; halves go to the even digit, as Python writes them. */
export function fixed(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : x < 0 ? '-inf' : 'nan'
  const scaled = Math.abs(x) * 10 ** decimals
  const whole = Math.floor(scaled)
  const isHalf = Number.isInteger(x * 2 ** (decimals + 1)) && scaled - whole === 0.5
  if (!isHalf || whole % 2 === 1) return x.toFixed(decimals)
  return (Math.sign(x) * (whole / 10 ** decimals)).toFixed(decimals)
}
