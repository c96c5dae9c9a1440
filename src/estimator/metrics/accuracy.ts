// Share of rows whose class is right, and of rows whose class is among the k highest scores.

import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import {
  type ClassScores,
  checkLabelPair,
  checkScores,
  classColumns,
  positiveRows,
  totalWeight,
  type Values,
  type Weighted,
  weighted,
  weightedMean,
} from './input.js'
import { labelList } from './labels.js'

/** Options of metrics that count rows. */
export interface ShareOptions extends Weighted {
  /** The share of rows (default), or with false their number (their weight). */
  readonly normalize?: boolean
}

export const shareOptions = new OptionTable<ShareOptions>({
  ...weighted.rows,
  normalize: trueOrFalse,
})

/**
 * Share of rows predicted right, from 0 to 1; their number with `normalize: false`.
 *
 * Errors: SHAPE for unequal lengths, DATA for no rows, NaN or numbers that are no labels, DTYPE for
 * labels of different kinds. As scikit-learn's `accuracy_score`.
 *
 * @example
 * ```ts
 * accuracy([0, 1, 2, 2], [0, 1, 2, 0]) // 0.75
 * accuracy(['cat', 'dog'], ['cat', 'cat']) // 0.5
 * ```
 */
export function accuracy(yTrue: Labels, yPred: Labels, options: ShareOptions = {}): number {
  const { sampleWeight, normalize = true } = shareOptions.check('accuracy', options)
  checkLabelPair('accuracy', yTrue, yPred, sampleWeight)
  const right = rightRows(yTrue, yPred, sampleWeight)
  return normalize ? right / totalWeight(yTrue.length, sampleWeight) : right
}

/** The weight of the rows predicted right. */
export function rightRows(yTrue: Labels, yPred: Labels, weights: Values | undefined): number {
  let right = 0
  for (let i = 0; i < yTrue.length; i++)
    if (yTrue[i] === yPred[i]) right += weights === undefined ? 1 : weights[i]
  return right
}

/** Options of `topKAccuracy`. */
export interface TopKOptions extends ShareOptions {
  /** Default: 2. */
  readonly k?: number
  /** The class of each column of scores; see `logLoss`. */
  readonly labels?: readonly Label[]
}

const topKOptions = new OptionTable<TopKOptions>({
  ...shareOptions.rows,
  k: wholeNumber({ min: 1 }),
  labels: labelList,
})

/**
 * Share of rows whose class is among the `k` (default 2) highest scores. `yScore` has a column a
 * class; of equal scores the later column counts as higher. One column is the score of the second of
 * two classes: with `k` 1 it is compared with 0.5 (with 0 where a score lies outside 0…1).
 * As scikit-learn's `top_k_accuracy_score`.
 *
 * @example
 * ```ts
 * topKAccuracy([0, 2], [[0.5, 0.2, 0.3], [0.4, 0.5, 0.1]], { k: 2 }) // 0.5
 * ```
 */
export function topKAccuracy(
  yTrue: Labels,
  yScore: ClassScores,
  options: TopKOptions = {},
): number {
  const operation = 'topKAccuracy'
  const { k = 2, sampleWeight, normalize = true, labels } = topKOptions.check(operation, options)
  const table = checkScores(operation, yTrue, yScore, sampleWeight)
  const { rows, classes, values, kind } = table
  const hit =
    classes === 1
      ? hitOfTwo(values, positiveRows(operation, yTrue, kind, undefined, labels), k)
      : hitOfMany(values, classes, classColumns(operation, yTrue, table, labels), k)
  const share = weightedMean(rows, hit, sampleWeight)
  return normalize ? share : share * totalWeight(rows, sampleWeight)
}

function hitOfTwo(scores: Values, isPositive: Uint8Array, k: number): (row: number) => number {
  if (k > 1) return () => 1
  let threshold = 0.5
  for (let i = 0; i < scores.length; i++) if (scores[i] < 0 || scores[i] > 1) threshold = 0
  return row => (scores[row] > threshold === (isPositive[row] === 1) ? 1 : 0)
}

function hitOfMany(
  scores: Values,
  classes: number,
  columns: Int32Array,
  k: number,
): (row: number) => number {
  return row => {
    const own = columns[row]
    const score = scores[row * classes + own]
    let higher = 0
    for (let c = 0; c < classes; c++) {
      const other = scores[row * classes + c]
      if (other > score || (other === score && c > own)) higher++
    }
    return higher < k ? 1 : 0
  }
}
