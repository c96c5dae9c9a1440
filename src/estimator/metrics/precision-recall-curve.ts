// Precision against recall at every threshold (Davis & Goadrich 2006).

import { checkPair, requireBinary, type Values } from './input.js'
import { type BinaryScoreOptions, binaryScoreOptions } from './roc-curve.js'
import { thresholdCounts } from './threshold-counts.js'

/** Points of a precision-recall curve. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array
  /** Descending, from the lowest threshold's to 0. */
  readonly recall: Float64Array
  /** Ascending; one fewer than the points, since the last (precision 1, recall 0) has none. */
  readonly thresholds: Float64Array
}

/**
 * Precision and recall for every distinct score as threshold. Without a positive row recall is 1
 * throughout. As scikit-learn's `precision_recall_curve`.
 *
 * @example
 * ```ts
 * precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).recall // 1, 1, 0.5, 0.5, 0
 * ```
 */
export function precisionRecallCurve(
  yTrue: Values,
  yScore: Values,
  options: BinaryScoreOptions = {},
): PrecisionRecallCurve {
  binaryScoreOptions.check('precisionRecallCurve', options)
  const { positive = 1, sampleWeight } = options
  const rows = checkPair('precisionRecallCurve', yTrue, yScore, sampleWeight, 'yScore')
  requireBinary('precisionRecallCurve', yTrue, positive)
  return precisionRecallPoints(
    rows,
    i => yTrue[i] === positive,
    i => yScore[i],
    sampleWeight,
  )
}

/** The same over functions of the row, for callers that have checked their input. */
export function precisionRecallPoints(
  rows: number,
  isPositive: (row: number) => boolean,
  score: (row: number) => number,
  weights: Values | undefined,
): PrecisionRecallCurve {
  const counts = thresholdCounts(rows, isPositive, score, weights)
  const n = counts.thresholds.length
  const positives = counts.truePositives[n - 1]
  const precision = new Float64Array(n + 1)
  const recall = new Float64Array(n + 1)
  const thresholds = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const from = n - 1 - i
    const tp = counts.truePositives[from]
    precision[i] = tp / (tp + counts.falsePositives[from])
    recall[i] = positives === 0 ? 1 : tp / positives
    thresholds[i] = counts.thresholds[from]
  }
  precision[n] = 1
  return { precision, recall, thresholds }
}
