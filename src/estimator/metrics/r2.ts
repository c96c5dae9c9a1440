// R², the coefficient of determination: 1 − residual sum of squares ÷ total sum of squares.

import { type ExplainedOptions, explained, explainedOptions } from './explained.js'
import { checkPair, type Values } from './input.js'
import { differences, meanOf, meanSquare } from './means.js'

/**
 * R²: 1 is perfect, 0 is no better than the mean, below 0 is worse. A constant target gives 1 when
 * predicted exactly and 0 otherwise; fewer than two rows give NaN. As scikit-learn's `r2_score`.
 *
 * @example
 * ```ts
 * r2([1, 2, 3], [1, 2, 4]) // 0.5
 * ```
 */
export function r2(yTrue: Values, yPred: Values, options: ExplainedOptions = {}): number {
  const { sampleWeight, forceFinite } = explainedOptions.check('r2', options)
  const rows = checkPair('r2', yTrue, yPred, sampleWeight)
  if (rows < 2) return Number.NaN
  const residual = meanSquare(differences(yTrue, yPred), 0, sampleWeight)
  const total = meanSquare(yTrue, meanOf(yTrue, sampleWeight), sampleWeight)
  return explained(residual, total, forceFinite)
}
