// log cosh of the error: like half its square when small, like its size when large.

import { add, mul, softplus, sub } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import { type LossOptions, lossOptions, predictions, reduceElements, targetsLike } from './loss.js'

/**
 * log(cosh(yPred − yTrue)), computed without overflow as e + softplus(−2e) − log 2.
 *
 * @example
 * ```ts
 * await losses.logCosh([0], [1]).item() // 0.434
 * ```
 */
export function logCosh(yTrue: TensorLike, yPred: TensorLike, options: LossOptions = {}): Tensor {
  lossOptions.check('losses.logCosh', options)
  const p = predictions(yPred)
  const error = sub(p, targetsLike('logCosh', yTrue, p))
  const values = sub(add(error, softplus(mul(error, -2))), Math.LN2)
  return reduceElements('logCosh', values, options, yPred)
}
