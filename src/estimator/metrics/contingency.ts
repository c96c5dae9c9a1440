// How many rows each class shares with each cluster: what metrics that compare two clusterings count.

import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import { checkLabelPair } from './input.js'
import { encodeLabels } from './labels.js'

/** Names of the two columns in errors. */
const names = ['labelsTrue', 'labelsPred'] as const

/** The cells that are not 0, and the sums of rows and columns. */
export interface Contingency {
  readonly rows: number
  readonly classes: readonly Label[]
  readonly clusters: readonly Label[]
  /** Rows of each class. */
  readonly ofClass: Float64Array
  /** Rows of each cluster. */
  readonly ofCluster: Float64Array
  /** For each cell that is not 0: its class, its cluster, its rows. */
  readonly cellClass: Int32Array
  readonly cellCluster: Int32Array
  readonly cellRows: Float64Array
}

/** Largest table that is counted in an array. */
const largestTable = 1 << 22

/** Counts two columns of labels; each has its own labels, even its own kind. */
export function contingencyOf(
  operation: string,
  labelsTrue: Labels,
  labelsPred: Labels,
): Contingency {
  checkLabelPair(operation, labelsTrue, labelsPred, undefined, names, false)
  const truth = encodeLabels([labelsTrue])
  const predicted = encodeLabels([labelsPred])
  const classOf = truth.codes[0]
  const clusterOf = predicted.codes[0]
  const rows = classOf.length
  const width = predicted.labels.length
  const ofClass = new Float64Array(truth.labels.length)
  const ofCluster = new Float64Array(width)
  for (let i = 0; i < rows; i++) {
    ofClass[classOf[i]]++
    ofCluster[clusterOf[i]]++
  }
  const cells = countCells(classOf, clusterOf, ofClass.length, width)
  return {
    rows,
    classes: truth.labels,
    clusters: predicted.labels,
    ofClass,
    ofCluster,
    cellClass: Int32Array.from(cells.keys, key => Math.floor(key / width)),
    cellCluster: Int32Array.from(cells.keys, key => key % width),
    cellRows: cells.counts,
  }
}

function countCells(
  classOf: Int32Array,
  clusterOf: Int32Array,
  height: number,
  width: number,
): { keys: Float64Array; counts: Float64Array } {
  if (height * width <= largestTable) {
    const table = new Float64Array(height * width)
    for (let i = 0; i < classOf.length; i++) table[classOf[i] * width + clusterOf[i]]++
    const keys: number[] = []
    for (let key = 0; key < table.length; key++) if (table[key] > 0) keys.push(key)
    return { keys: Float64Array.from(keys), counts: Float64Array.from(keys, key => table[key]) }
  }
  const keys = new Float64Array(classOf.length)
  for (let i = 0; i < keys.length; i++) keys[i] = classOf[i] * width + clusterOf[i]
  keys.sort()
  const distinct: number[] = []
  const counts: number[] = []
  for (let i = 0; i < keys.length; i++) {
    if (i > 0 && keys[i] === keys[i - 1]) counts[counts.length - 1]++
    else {
      distinct.push(keys[i])
      counts.push(1)
    }
  }
  return { keys: Float64Array.from(distinct), counts: Float64Array.from(counts) }
}

/** Rows by class (down) and cluster (across). */
export interface ContingencyMatrix {
  /** The classes, ascending: the rows of `matrix`. */
  readonly classes: readonly Label[]
  /** The clusters, ascending: its columns. */
  readonly clusters: readonly Label[]
  readonly matrix: readonly (readonly number[])[]
}

interface ContingencyOptions {
  /** Added to every cell, so that none is 0. Default: 0. */
  readonly eps?: number
}

const contingencyOptions = new OptionTable<ContingencyOptions>({ eps: numberIn() })

/**
 * How many rows each class shares with each cluster. As scikit-learn's `contingency_matrix`.
 *
 * @throws AthanorError SHAPE for unequal lengths, DATA for no rows or values that are no labels.
 * @example
 * ```ts
 * contingencyMatrix(['a', 'a', 'b', 'b'], [0, 1, 2, 2]).matrix // [[1, 1, 0], [0, 0, 2]]
 * ```
 */
export function contingencyMatrix(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: ContingencyOptions = {},
): ContingencyMatrix {
  const { eps = 0 } = contingencyOptions.check('contingencyMatrix', options)
  const table = contingencyOf('contingencyMatrix', labelsTrue, labelsPred)
  const { classes, clusters, cellClass, cellCluster, cellRows } = table
  if (classes.length * clusters.length > 1e8)
    throw argumentError(
      'contingencyMatrix',
      'at most 100,000,000 cells',
      `${classes.length} classes × ${clusters.length} clusters`,
    )
  const matrix = classes.map(() => new Array<number>(clusters.length).fill(eps))
  for (let i = 0; i < cellRows.length; i++) matrix[cellClass[i]][cellCluster[i]] += cellRows[i]
  return { classes: [...classes], clusters: [...clusters], matrix }
}
