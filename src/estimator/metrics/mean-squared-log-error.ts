// The mean squared error of ln(1 + y), for targets whose ratios matter, and its root.

import { AthanorError } from '../../base/errors.js'
import { checkPair, type Values, type Weighted, weighted } from './input.js'
import { meanSquare } from './means.js'

/**
 * Mean of (ln(1 + prediction) − ln(1 + truth))²: of targets above −1 that grow by factors (counts,
 * prices). As scikit-learn's `mean_squared_log_error`.
 *
 * @throws AthanorError DATA for a value of −1 or less, and as `meanSquaredError` does.
 * @example
 * ```ts
 * meanSquaredLogError([0, 1], [0, 3]) // 0.240…
 * ```
 */
export function meanSquaredLogError(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  return squaredLogError('meanSquaredLogError', yTrue, yPred, options)
}

/**
 * The root of the mean squared logarithmic error; 0.1 is about ten per cent.
 * As scikit-learn's `root_mean_squared_log_error`.
 *
 * @throws AthanorError DATA for a value of −1 or less, and as `meanSquaredError` does.
 * @example
 * ```ts
 * rootMeanSquaredLogError([0, 1], [0, 3]) // 0.490…
 * ```
 */
export function rootMeanSquaredLogError(
  yTrue: Values,
  yPred: Values,
  options: Weighted = {},
): number {
  return Math.sqrt(squaredLogError('rootMeanSquaredLogError', yTrue, yPred, options))
}

function squaredLogError(
  operation: string,
  yTrue: Values,
  yPred: Values,
  options: Weighted,
): number {
  const { sampleWeight } = weighted.check(operation, options)
  const rows = checkPair(operation, yTrue, yPred, sampleWeight)
  for (const [name, values] of [
    ['yTrue', yTrue],
    ['yPred', yPred],
  ] as const)
    for (let i = 0; i < rows; i++)
      if (values[i] <= -1)
        throw new AthanorError('DATA', {
          operation,
          expected: `values above -1 in ${name}`,
          received: `${values[i]} at row ${i}`,
          fix: 'Choose meanSquaredError for such targets',
        })
  const errors = new Float64Array(rows)
  for (let i = 0; i < rows; i++) errors[i] = Math.log1p(yPred[i]) - Math.log1p(yTrue[i])
  return meanSquare(errors, 0, sampleWeight)
}
