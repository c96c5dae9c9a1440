// Counts, and any metric, at every threshold of a score: for choosing where to cut.

import { argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import { checkScored, type Values, type Weighted, weighted } from './input.js'
import { type BinaryScoreOptions, binaryCounts, binaryScoreOptions } from './roc-curve.js'
import { sortedOrder } from './sorted-order.js'

/** The confusion matrix at each threshold. */
export interface ConfusionAtThresholds {
  readonly trueNegatives: Float64Array
  readonly falsePositives: Float64Array
  readonly falseNegatives: Float64Array
  readonly truePositives: Float64Array
  /** The distinct scores, descending; a row with at least this score is predicted positive. */
  readonly thresholds: Float64Array
}

/**
 * The four counts with each distinct score as threshold. As scikit-learn's
 * `confusion_matrix_at_thresholds`.
 *
 * @example
 * ```ts
 * confusionMatrixAtThresholds([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).truePositives // 1, 1, 2, 2
 * ```
 */
export function confusionMatrixAtThresholds(
  yTrue: Labels,
  yScore: Values,
  options: BinaryScoreOptions = {},
): ConfusionAtThresholds {
  const operation = 'confusionMatrixAtThresholds'
  binaryScoreOptions.check(operation, options)
  const counts = binaryCounts(operation, yTrue, yScore, options)
  const { truePositives, falsePositives, thresholds } = counts
  const last = thresholds.length - 1
  return {
    trueNegatives: falsePositives.map(fp => falsePositives[last] - fp),
    falsePositives,
    falseNegatives: truePositives.map(tp => truePositives[last] - tp),
    truePositives,
    thresholds,
  }
}

/** A metric's value at each threshold. */
export interface MetricAtThresholds {
  readonly values: Float64Array
  /** The distinct scores, descending; a row with at least this score is predicted positive. */
  readonly thresholds: Float64Array
}

/**
 * The metric of the predictions (0 or 1) that each distinct score gives as threshold: one call a
 * distinct score, so O(n²) for n of them. Bind options of the metric in the function; weights reach it
 * as its third argument. As scikit-learn's `metric_at_thresholds`.
 *
 * @throws AthanorError ARGUMENT for a metric that is no function; otherwise as `rocCurve`.
 * @example
 * ```ts
 * metricAtThresholds([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], f1).values // 0.666…, 0.5, 0.8, 0.666…
 * ```
 */
export function metricAtThresholds(
  yTrue: Labels,
  yScore: Values,
  metric: (yTrue: Labels, yPred: Labels, options: Weighted) => number,
  options: Weighted = {},
): MetricAtThresholds {
  const operation = 'metricAtThresholds'
  const { sampleWeight } = weighted.check(operation, options)
  if (typeof metric !== 'function')
    throw argumentError(operation, 'a function of yTrue and yPred as metric', typeof metric)
  checkScored(operation, yTrue, yScore, sampleWeight)
  const order = sortedOrder(yScore)
  const predicted = new Uint8Array(yTrue.length)
  const values: number[] = []
  const thresholds: number[] = []
  let counts = false
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at]
    predicted[row] = 1
    if (sampleWeight === undefined || sampleWeight[row] !== 0) counts = true
    if (at > 0 && yScore[order[at - 1]] === yScore[row]) continue
    if (counts) {
      values.push(metric(yTrue, predicted, sampleWeight === undefined ? {} : { sampleWeight }))
      thresholds.push(yScore[row])
    }
    counts = false
  }
  return { values: Float64Array.from(values), thresholds: Float64Array.from(thresholds) }
}
