// The share of the target's variance that predictions explain: R² but for a constant error.

import { type ExplainedOptions, explained, explainedOptions } from './explained.js'
import { checkPair, type Values, weightedMean } from './input.js'

/**
 * 1 − variance of the errors ÷ variance of the target. Unlike R² it forgives predictions that are all
 * too high, or too low, by the same amount. As scikit-learn's `explained_variance_score`.
 *
 * @example
 * ```ts
 * explainedVariance([1, 2, 3], [2, 3, 4]) // 1
 * ```
 */
export function explainedVariance(
  yTrue: Values,
  yPred: Values,
  options: ExplainedOptions = {},
): number {
  const { sampleWeight, forceFinite } = explainedOptions.check('explainedVariance', options)
  const rows = checkPair('explainedVariance', yTrue, yPred, sampleWeight)
  const mean = weightedMean(rows, i => yTrue[i], sampleWeight)
  const bias = weightedMean(rows, i => yTrue[i] - yPred[i], sampleWeight)
  const errors = weightedMean(rows, i => (yTrue[i] - yPred[i] - bias) ** 2, sampleWeight)
  const total = weightedMean(rows, i => (yTrue[i] - mean) ** 2, sampleWeight)
  return explained(errors, total, forceFinite)
}
