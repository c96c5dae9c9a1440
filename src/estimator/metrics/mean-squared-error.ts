// Mean squared error and its root.

import { checkPair, type Values, type Weighted, weighted } from './input.js'
import { differences, meanSquare } from './means.js'

/**
 * Mean of (prediction − truth)², in the target's unit squared. As scikit-learn's
 * `mean_squared_error`.
 *
 * @example
 * ```ts
 * meanSquaredError([1, 2], [1, 4]) // 2
 * ```
 */
export function meanSquaredError(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  weighted.check('meanSquaredError', options)
  checkPair('meanSquaredError', yTrue, yPred, options.sampleWeight)
  return meanSquare(differences(yTrue, yPred), 0, options.sampleWeight)
}

/**
 * The root of the mean squared error, in the target's unit. As scikit-learn's
 * `root_mean_squared_error`.
 *
 * @example
 * ```ts
 * rootMeanSquaredError([1, 2], [1, 4]) // 1.414…
 * ```
 */
export function rootMeanSquaredError(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  weighted.check('rootMeanSquaredError', options)
  checkPair('rootMeanSquaredError', yTrue, yPred, options.sampleWeight)
  return Math.sqrt(meanSquare(differences(yTrue, yPred), 0, options.sampleWeight))
}
