// Mean squared error: mean((yTrue − yPred)²).

import { square, sub } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import { type LossOptions, lossOptions, predictions, reduceElements, targetsLike } from './loss.js'

/**
 * mean((yTrue − yPred)²) over the last axis, then over the samples. PyTorch's `MSELoss`.
 *
 * @throws AthanorError SHAPE if the shapes differ ([n] and [n, 1] stand for each other).
 * @example
 * ```ts
 * await losses.meanSquaredError([0, 1], [0.5, 1]).item() // 0.125
 * ```
 */
export function meanSquaredError(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: LossOptions = {},
): Tensor {
  lossOptions.check('losses.meanSquaredError', options)
  const p = predictions(yPred)
  const t = targetsLike('meanSquaredError', yTrue, p)
  return reduceElements('meanSquaredError', square(sub(p, t)), options, yPred)
}
