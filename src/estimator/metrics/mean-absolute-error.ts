// Mean absolute error, plain and as a share of the truth.

import { checkPair, type Values, type Weighted, weighted } from './input.js'
import { absoluteErrors, meanOf } from './means.js'

/**
 * Mean of |prediction − truth|, in the target's unit. As scikit-learn's `mean_absolute_error`.
 *
 * @example
 * ```ts
 * meanAbsoluteError([1, 2], [1, 4]) // 1
 * ```
 */
export function meanAbsoluteError(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  weighted.check('meanAbsoluteError', options)
  checkPair('meanAbsoluteError', yTrue, yPred, options.sampleWeight)
  return meanOf(absoluteErrors(yTrue, yPred), options.sampleWeight)
}

/**
 * Mean of |prediction − truth| ÷ |truth|: 0.1 is ten per cent. A truth of 0 counts as 2.2e-16, so
 * the result is then huge. As scikit-learn's `mean_absolute_percentage_error`.
 *
 * @example
 * ```ts
 * meanAbsolutePercentageError([10, 20], [11, 20]) // 0.05
 * ```
 */
export function meanAbsolutePercentageError(
  yTrue: Values,
  yPred: Values,
  options: Weighted = {},
): number {
  weighted.check('meanAbsolutePercentageError', options)
  const rows = checkPair('meanAbsolutePercentageError', yTrue, yPred, options.sampleWeight)
  const errors = absoluteErrors(yTrue, yPred)
  for (let i = 0; i < rows; i++) errors[i] /= Math.max(2 ** -52, Math.abs(yTrue[i]))
  return meanOf(errors, options.sampleWeight)
}
