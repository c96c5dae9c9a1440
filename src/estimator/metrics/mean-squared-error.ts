// Mean squared error and its root.

import { checkPair, type Values, type Weighted, weighted, weightedMean } from './input.js'

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
  const rows = checkPair('meanSquaredError', yTrue, yPred, options.sampleWeight)
  return weightedMean(rows, i => (yPred[i] - yTrue[i]) ** 2, options.sampleWeight)
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
  const rows = checkPair('rootMeanSquaredError', yTrue, yPred, options.sampleWeight)
  return Math.sqrt(weightedMean(rows, i => (yPred[i] - yTrue[i]) ** 2, options.sampleWeight))
}
