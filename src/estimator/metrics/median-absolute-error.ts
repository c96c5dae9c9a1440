// The median of the absolute errors, which no outlier can move.

import { checkPair, type Values, type Weighted, weighted } from './input.js'
import { absoluteErrors } from './means.js'
import { weightedQuantile } from './weighted-quantile.js'

/**
 * Median of |prediction − truth|, in the target's unit: half of the rows (of the weight) have a smaller
 * error. As scikit-learn's `median_absolute_error`.
 *
 * @example
 * ```ts
 * medianAbsoluteError([3, 0, 2, 7], [2, 0, 2, 70]) // 0.5
 * ```
 */
export function medianAbsoluteError(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  const { sampleWeight } = weighted.check('medianAbsoluteError', options)
  checkPair('medianAbsoluteError', yTrue, yPred, sampleWeight)
  return weightedQuantile(absoluteErrors(yTrue, yPred), 0.5, sampleWeight)
}
