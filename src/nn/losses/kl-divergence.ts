// Kullback and Leibler's divergence of two distributions: Σ yTrue · log(yTrue / yPred).

import { clip, div, log, mul, sum } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import { type LossOptions, lossOptions, predictions, reduceSamples, targetsLike } from './loss.js'
import { epsilon } from './probability.js'

/**
 * Σ yTrue · log(yTrue / yPred) over the last axis; both are probabilities, held within [1e-7, 1].
 * PyTorch's `KLDivLoss` takes log-probabilities and another order of arguments.
 *
 * @example
 * ```ts
 * losses.klDivergence([[0.5, 0.5]], softmax(logits))
 * ```
 */
export function klDivergence(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: LossOptions = {},
): Tensor {
  lossOptions.check('losses.klDivergence', options)
  const raw = predictions(yPred)
  const t = clip(targetsLike('klDivergence', yTrue, raw), epsilon, 1)
  const p = clip(raw, epsilon, 1)
  return reduceSamples('klDivergence', sum(mul(t, log(div(t, p))), { axis: -1 }), options, yPred)
}
