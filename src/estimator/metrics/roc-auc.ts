// Area under the ROC curve: the chance that a positive row is scored above a negative one, ties
// counting half (Hanley & McNeil 1982). Several classes: each against the rest.

import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import {
  type ClassScores,
  checkScores,
  requireBinary,
  requireClassIds,
  type Values,
} from './input.js'
import { type BinaryScoreOptions, binaryScoreOptions } from './roc-curve.js'
import { thresholdCounts } from './threshold-counts.js'

/** Options of `rocAuc`. */
export interface RocAucOptions extends BinaryScoreOptions {
  /** Several classes: the plain mean (default) or the mean weighted by each class's rows. */
  readonly average?: 'macro' | 'weighted'
}

const rocAucOptions = new OptionTable<RocAucOptions>({
  ...binaryScoreOptions.rows,
  average: oneOf(['macro', 'weighted']),
})

/**
 * Area under the ROC curve, 0.5 for chance. `yScore` holds one score a row (any monotone score), or
 * one column a class (two columns: the second is the positive class; more: one against the rest).
 *
 * Rule for a class without rows, or with all of them: it has no area and is left out of the mean;
 * where nothing is left (one class only) the result is NaN. Otherwise as scikit-learn's
 * `roc_auc_score`, which refuses a missing class.
 *
 * @example
 * ```ts
 * rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 * ```
 */
export function rocAuc(yTrue: Values, yScore: ClassScores, options: RocAucOptions = {}): number {
  rocAucOptions.check('rocAuc', options)
  const { positive = 1, sampleWeight, average = 'macro' } = options
  const { rows, classes, values } = checkScores('rocAuc', yTrue, yScore, sampleWeight)
  if (classes <= 2) {
    requireBinary('rocAuc', yTrue, positive)
    return areaOf(
      rows,
      i => yTrue[i] === positive,
      column(values, classes, classes - 1),
      sampleWeight,
    ).area
  }
  requireClassIds('rocAuc', yTrue, classes)
  let sum = 0
  let total = 0
  for (let c = 0; c < classes; c++) {
    const score = column(values, classes, c)
    const { area, positives } = areaOf(rows, i => yTrue[i] === c, score, sampleWeight)
    if (Number.isNaN(area)) continue
    const weight = average === 'macro' ? 1 : positives
    sum += weight * area
    total += weight
  }
  return total === 0 ? Number.NaN : sum / total
}

function column(values: Values, classes: number, c: number): (row: number) => number {
  return row => values[row * classes + c]
}

function areaOf(
  rows: number,
  isPositive: (row: number) => boolean,
  score: (row: number) => number,
  weights: Values | undefined,
): { area: number; positives: number } {
  const counts = thresholdCounts(rows, isPositive, score, weights)
  const last = counts.thresholds.length - 1
  const positives = counts.truePositives[last]
  const negatives = counts.falsePositives[last]
  if (positives === 0 || negatives === 0) return { area: Number.NaN, positives }
  let area = 0
  let tp = 0
  let fp = 0
  for (let i = 0; i <= last; i++) {
    area += ((counts.falsePositives[i] - fp) * (counts.truePositives[i] + tp)) / 2
    tp = counts.truePositives[i]
    fp = counts.falsePositives[i]
  }
  return { area: area / (positives * negatives), positives }
}
