// Mean absolute error: mean(|yTrue − yPred|).

import { abs, sub } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import { type LossOptions, lossOptions, predictions, reduceElements, targetsLike } from './loss.js'

/**
 * mean(|yTrue − yPred|). PyTorch's `L1Loss`.
 *
 * @example
 * ```ts
 * await losses.meanAbsoluteError([0, 1], [0.5, 1]).item() // 0.25
 * ```
 */
export function meanAbsoluteError(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: LossOptions = {},
): Tensor {
  lossOptions.check('losses.meanAbsoluteError', options)
  const p = predictions(yPred)
  const t = targetsLike('meanAbsoluteError', yTrue, p)
  return reduceElements('meanAbsoluteError', abs(sub(p, t)), options, yPred)
}
