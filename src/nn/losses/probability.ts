// Parts that the cross-entropies share.

import { add, clip, div, log, logSoftmax, mean, mul, neg, sum } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Probabilities are held this far from 0 and 1, as in Keras. */
export const epsilon = 1e-7

/** log p of each class, from logits or from probabilities that are first divided by their sum. */
export function logProbabilities(p: Tensor, fromLogits: boolean): Tensor {
  if (fromLogits) return logSoftmax(p)
  return log(clip(div(p, sum(p, { axis: -1, keepDims: true })), epsilon, 1 - epsilon))
}

/** (1 − amount) · loss + amount · mean over all classes of −log p. */
export function smoothed(values: Tensor, p: Tensor, fromLogits: boolean, amount: number): Tensor {
  const even = neg(mean(logProbabilities(p, fromLogits), { axis: -1 }))
  return add(mul(values, 1 - amount), mul(even, amount))
}
