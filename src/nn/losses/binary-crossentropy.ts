// Cross-entropy of yes and no: −(t · log p + (1 − t) · log(1 − p)).

import { OptionTable } from '../../base/options.js'
import { numberIn, trueOrFalse } from '../../base/value-kinds.js'
import { add, clip, log, mul, neg, softplus, sub } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import {
  type ClassLossOptions,
  classLossOptions,
  classWeights,
  perSample,
  predictions,
  reduceElements,
  reduceSamples,
  targetsLike,
  wholeIndices,
} from './loss.js'
import { epsilon } from './probability.js'

/** Options of `losses.binaryCrossentropy`. */
export interface BinaryCrossentropyOptions extends ClassLossOptions {
  /** yPred are logits rather than probabilities. Default: false. */
  readonly fromLogits?: boolean
  /** Targets are moved this share of the way to ½. Default: 0. */
  readonly labelSmoothing?: number
}

const binaryCrossentropyOptions = new OptionTable<BinaryCrossentropyOptions>({
  ...classLossOptions.rows,
  fromLogits: trueOrFalse,
  labelSmoothing: numberIn({ min: 0, max: 1 }),
})

const name = 'binaryCrossentropy'

/**
 * Mean over the last axis of −(t · log p + (1 − t) · log(1 − p)). Probabilities are held within
 * [1e-7, 1 − 1e-7]. PyTorch: `BCELoss`, and `BCEWithLogitsLoss` with `fromLogits`.
 *
 * @throws AthanorError SHAPE if the shapes differ ([n] and [n, 1] stand for each other).
 * @example
 * ```ts
 * losses.binaryCrossentropy([0, 1], tensor([-2, 3]), { fromLogits: true })
 * ```
 */
export function binaryCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: BinaryCrossentropyOptions = {},
): Tensor {
  binaryCrossentropyOptions.check(`losses.${name}`, options)
  const { fromLogits = false, labelSmoothing = 0, classWeight } = options
  const p = predictions(yPred)
  const labels = targetsLike(name, yTrue, p)
  const t = labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / 2)
  // softplus(p) − t · p is −(t · log σ(p) + (1 − t) · log(1 − σ(p))).
  const values = fromLogits ? sub(softplus(p), mul(t, p)) : ofProbabilities(t, p)
  if (classWeight === undefined || classWeight === null)
    return reduceElements(name, values, options, yPred)
  const samples = perSample(values)
  const rows = p.shape[p.rank - 1] === 1 ? reshape(labels, samples.shape) : labels
  const weights = classWeights(name, classWeight, wholeIndices(rows), 2, samples)
  if (rows.rank === samples.rank) return reduceSamples(name, mul(samples, weights), options, yPred)
  return reduceElements(name, mul(values, weights), options, yPred)
}

function ofProbabilities(t: Tensor, p: Tensor): Tensor {
  const q = clip(p, epsilon, 1 - epsilon)
  return neg(add(mul(t, log(q)), mul(sub(1, t), log(sub(1, q)))))
}
