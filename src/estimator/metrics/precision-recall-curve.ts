// Precision against recall at every threshold (Davis & Goadrich 2006).

import type { Labels } from '../../base/label.js'
import type { Values } from './input.js'
import { binaryCounts, type CurveOptions, curveOptions } from './roc-curve.js'
import type { ThresholdCounts } from './threshold-counts.js'

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
 * throughout. `dropIntermediate` (default false) leaves out thresholds that find no further positive
 * row. As scikit-learn's `precision_recall_curve`.
 *
 * @example
 * ```ts
 * precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).recall // 1, 1, 0.5, 0.5, 0
 * ```
 */
export function precisionRecallCurve(
  yTrue: Labels,
  yScore: Values,
  options: CurveOptions = {},
): PrecisionRecallCurve {
  const { dropIntermediate = false } = curveOptions.check('precisionRecallCurve', options)
  const counts = binaryCounts('precisionRecallCurve', yTrue, yScore, options)
  return precisionRecallPoints(dropIntermediate ? withoutPlateaus(counts) : counts)
}

/** The thresholds where the true positives change from the one before or to the one after. */
function withoutPlateaus(counts: ThresholdCounts): ThresholdCounts {
  const { truePositives: tp } = counts
  const isKept = (_: number, i: number) =>
    i === 0 || i === tp.length - 1 || tp[i] !== tp[i - 1] || tp[i + 1] !== tp[i]
  return {
    thresholds: counts.thresholds.filter(isKept),
    truePositives: tp.filter(isKept),
    falsePositives: counts.falsePositives.filter(isKept),
  }
}

/** The curve through the counts. */
export function precisionRecallPoints(counts: ThresholdCounts): PrecisionRecallCurve {
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
