// The area under a curve by trapezoids.

import { argumentError } from '../../base/errors.js'
import { checkPair, type Values } from './input.js'

/**
 * Area under the points (x, y) by the trapezoidal rule; x must rise or fall throughout.
 * As scikit-learn's `auc`.
 *
 * @throws AthanorError ARGUMENT for fewer than two points, or x that turns; SHAPE; DATA for NaN.
 * @example
 * ```ts
 * auc([0, 0.5, 1], [0, 1, 1]) // 0.75
 * ```
 */
export function auc(x: Values, y: Values): number {
  const points = checkPair('auc', x, y, undefined, 'y')
  if (points < 2) throw argumentError('auc', 'at least two points', '1')
  let area = 0
  let rises = false
  let falls = false
  for (let i = 1; i < points; i++) {
    const step = x[i] - x[i - 1]
    if (step > 0) rises = true
    if (step < 0) falls = true
    if (rises && falls)
      throw argumentError('auc', 'x that rises or falls throughout', `a turn at point ${i}`)
    area += (step * (y[i] + y[i - 1])) / 2
  }
  return falls ? -area : area
}
