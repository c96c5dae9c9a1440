// The worst error.

import { noOptions } from '../../base/options.js'
import { checkPair, type Values } from './input.js'

/**
 * The largest |prediction − truth|, in the target's unit. As scikit-learn's `max_error`.
 *
 * @example
 * ```ts
 * maxError([3, 2, 7], [4, 2, 4]) // 3
 * ```
 */
export function maxError(yTrue: Values, yPred: Values, options: object = {}): number {
  noOptions.check('maxError', options)
  const rows = checkPair('maxError', yTrue, yPred)
  let worst = 0
  for (let i = 0; i < rows; i++) worst = Math.max(worst, Math.abs(yPred[i] - yTrue[i]))
  return worst
}
