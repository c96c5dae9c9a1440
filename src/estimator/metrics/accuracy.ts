// Share of rows whose class is right, and of rows whose class is among the k highest scores.

import { OptionTable } from '../../base/options.js'
import { wholeNumber } from '../../base/value-kinds.js'
import {
  type ClassScores,
  checkPair,
  checkScores,
  requireClassIds,
  type Values,
  type Weighted,
  weighted,
  weightedMean,
} from './input.js'

/**
 * Share of rows predicted right, from 0 to 1.
 *
 * Errors: SHAPE for unequal lengths, DATA for no rows or NaN. As scikit-learn's `accuracy_score`.
 *
 * @example
 * ```ts
 * accuracy([0, 1, 2, 2], [0, 1, 2, 0]) // 0.75
 * ```
 */
export function accuracy(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  weighted.check('accuracy', options)
  const rows = checkPair('accuracy', yTrue, yPred, options.sampleWeight)
  return weightedMean(rows, i => (yTrue[i] === yPred[i] ? 1 : 0), options.sampleWeight)
}

interface TopKOptions extends Weighted {
  /** Default: 2. */
  readonly k?: number
}

const topKOptions = new OptionTable<TopKOptions>({
  ...weighted.rows,
  k: wholeNumber({ min: 1 }),
})

/**
 * Share of rows whose class is among the `k` (default 2) highest scores. Labels are columns of
 * `yScore` (`rows × classes`). Of equal scores the later column counts as higher.
 * As scikit-learn's `top_k_accuracy_score` for more than two classes.
 *
 * @example
 * ```ts
 * topKAccuracy([0, 2], [[0.5, 0.2, 0.3], [0.4, 0.5, 0.1]], { k: 2 }) // 0.5
 * ```
 */
export function topKAccuracy(
  yTrue: Values,
  yScore: ClassScores,
  options: TopKOptions = {},
): number {
  const { k = 2, sampleWeight } = topKOptions.check('topKAccuracy', options)
  const { rows, classes, values } = checkScores('topKAccuracy', yTrue, yScore, sampleWeight)
  requireClassIds('topKAccuracy', yTrue, classes)
  const hit = (row: number) => {
    const label = yTrue[row]
    const score = values[row * classes + label]
    let higher = 0
    for (let c = 0; c < classes; c++) {
      const other = values[row * classes + c]
      if (other > score || (other === score && c > label)) higher++
    }
    return higher < k ? 1 : 0
  }
  return weightedMean(rows, hit, sampleWeight)
}
