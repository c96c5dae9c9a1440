// The share of the target's variance that predictions explain: R² but for a constant error.

import { type ExplainedOptions, explained, explainedOptions } from './explained.js'
import { checkPair, type Values } from './input.js'
import { differences, meanOf, meanSquare } from './means.js'

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
  checkPair('explainedVariance', yTrue, yPred, sampleWeight)
  const errors = differences(yTrue, yPred)
  const left = meanSquare(errors, meanOf(errors, sampleWeight), sampleWeight)
  const total = meanSquare(yTrue, meanOf(yTrue, sampleWeight), sampleWeight)
  return explained(left, total, forceFinite)
}
