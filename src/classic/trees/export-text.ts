// A tree as text, one line a question or an answer, as scikit-learn's export_text.

import { OptionTable } from '../../base/options.js'
import { listOf, someText, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import type { Tree } from './tree.js'
import {
  classOf,
  fixed,
  type HasTree,
  type NamedTree,
  namedTree,
  type TreeNames,
} from './tree-words.js'

/** Options of `exportText`. */
export interface ExportTextOptions extends TreeNames {
  /** Levels that are written; what lies deeper is a word. 10 by default. */
  readonly maxDepth?: number
  /** Spaces of a level, 3 by default. */
  readonly spacing?: number
  /** Decimals of thresholds and values, 2 by default. */
  readonly decimals?: number
  /** Whether leaves of a classifier tell the weights of the classes; false by default. */
  readonly showWeights?: boolean
}

const table = new OptionTable<ExportTextOptions>({
  featureNames: listOf(someText),
  classNames: listOf(someText),
  maxDepth: wholeNumber({ min: 0 }),
  spacing: wholeNumber({ min: 1, max: 100 }),
  decimals: wholeNumber({ min: 0, max: 20 }),
  showWeights: trueOrFalse,
})

/**
 * The rules of a tree as text. Takes a fitted DecisionTree or ExtraTree, or the `tree` of one, of a forest
 * (`forest.tree(0)`) or of boosting.
 *
 * @throws AthanorError ARGUMENT for names that are too few or too many; STATE before fit.
 *
 * @example
 * ```ts
 * const tree = await new DecisionTreeClassifier().fit([[1], [2], [8]], ['low', 'low', 'high'])
 * exportText(tree, { featureNames: ['height'] })
 * // |--- height <= 5.00
 * // |   |--- class: low
 * // |--- height >  5.00
 * // |   |--- class: high
 * ```
 */
export function exportText(tree: HasTree, options: ExportTextOptions = {}): string {
  const {
    maxDepth = 10,
    spacing = 3,
    decimals = 2,
    showWeights = false,
    ...names
  } = table.check('exportText', options)
  const named = namedTree('exportText', tree, names)
  const { childrenLeft, childrenRight } = named.tree
  const heights = heightsOf(named.tree)
  const lines: string[] = []
  // A stack instead of recursion: trees may be deep. Right sides wait below left ones.
  const waiting: { node: number; depth: number; line?: string }[] = [{ node: 0, depth: 1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth, line } = next
    if (line !== undefined) {
      lines.push(line)
      continue
    }
    const above = `|${' '.repeat(spacing)}`.repeat(depth - 1)
    const indent = `${above}|${'-'.repeat(spacing)}`
    if (childrenLeft[node] < 0) lines.push(leafLine(named, node, indent, decimals, showWeights))
    else if (depth > maxDepth + 1)
      lines.push(`${indent} truncated branch of depth ${heights[node]}`)
    else {
      const [yes, no] = questionOf(named, node, decimals)
      lines.push(`${indent} ${yes}`)
      waiting.push({ node: childrenRight[node], depth: depth + 1 })
      waiting.push({ node, depth, line: `${indent} ${no}` })
      waiting.push({ node: childrenLeft[node], depth: depth + 1 })
    }
  }
  return `${lines.join('\n')}\n`
}

function leafLine(
  { tree, classes }: NamedTree,
  node: number,
  indent: string,
  decimals: number,
  showWeights: boolean,
): string {
  const { outputs } = tree
  const values = Array.from(tree.value.subarray(node * outputs, (node + 1) * outputs))
  if (classes === undefined)
    return `${indent} value: [${values.map(v => fixed(v, decimals)).join(', ')}]`
  const name = `class: ${classes[classOf(tree, node)]}`
  if (!showWeights) return `${indent} ${name}`
  const weight = tree.weightedNNodeSamples?.[node] ?? tree.nNodeSamples?.[node] ?? 1
  const weights = values.map(v => fixed(v * weight, decimals)).join(', ')
  return `${indent} weights: [${weights}] ${name}`
}

/** What is true on the left, and on the right. */
function questionOf({ tree, features }: NamedTree, node: number, decimals: number) {
  const name = features[tree.feature[node]]
  const codes = tree.categoriesLeft[node]
  if (codes !== undefined) {
    const set = `{${codes.join(', ')}}`
    return [`${name} in ${set}`, `${name} not in ${set}`]
  }
  if (tree.threshold[node] === Infinity) return [`${name} is there`, `${name} is missing`]
  const threshold = fixed(tree.threshold[node], decimals)
  return [`${name} <= ${threshold}`, `${name} >  ${threshold}`]
}

/** Levels of what hangs on each node, itself one of them. */
function heightsOf({ nodeCount, childrenLeft, childrenRight }: Tree): Int32Array {
  const heights = new Int32Array(nodeCount).fill(1)
  for (let node = nodeCount - 1; node >= 0; node--)
    if (childrenLeft[node] >= 0)
      heights[node] = 1 + Math.max(heights[childrenLeft[node]], heights[childrenRight[node]])
  return heights
}
