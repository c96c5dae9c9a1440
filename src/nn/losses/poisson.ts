// Poisson's loss for counts: yPred − yTrue · log(yPred).

import { add, log, mul, sub } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import { type LossOptions, lossOptions, predictions, reduceElements, targetsLike } from './loss.js'
import { epsilon } from './probability.js'

/**
 * yPred − yTrue · log(yPred + 1e-7), yPred the expected count (not its logarithm, PyTorch's default).
 *
 * @example
 * ```ts
 * losses.poisson([0, 2, 3], tensor([0.1, 1.8, 3.2]))
 * ```
 */
export function poisson(yTrue: TensorLike, yPred: TensorLike, options: LossOptions = {}): Tensor {
  lossOptions.check('losses.poisson', options)
  const p = predictions(yPred)
  const t = targetsLike('poisson', yTrue, p)
  return reduceElements('poisson', sub(p, mul(t, log(add(p, epsilon)))), options, yPred)
}
