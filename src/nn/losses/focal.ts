// Focal losses (Lin et al. 2017, "Focal loss for dense object detection"): cross-entropies in which what is
// predicted well already counts less, by (1 − p)^gamma.

import { OptionTable } from '../../base/options.js'
import { numberIn, trueOrFalse } from '../../base/value-kinds.js'
import {
  add,
  clip,
  div,
  exp,
  log,
  logSoftmax,
  maximum,
  mul,
  neg,
  pow,
  sigmoid,
  softplus,
  sub,
  sum,
} from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import {
  type LossOptions,
  lossOptions,
  predictions,
  reduceElements,
  reduceSamples,
  targetsLike,
} from './loss.js'
import { epsilon } from './probability.js'

/** Options of the focal losses. */
export interface FocalOptions extends LossOptions {
  /** yPred are logits rather than probabilities. Default: false. */
  readonly fromLogits?: boolean
  /** Share of the target spread evenly over all classes, 0 to 1. Default: 0. */
  readonly labelSmoothing?: number
  /** How much less counts what is predicted well; 0: no less. Default: 2. */
  readonly gamma?: number
  /** Weight of the positive class, or of all of a categorical loss. Default: 0.25. */
  readonly alpha?: number
}

/** Options of `losses.binaryFocalCrossentropy`. */
export interface BinaryFocalCrossentropyOptions extends FocalOptions {
  /** Weigh positives by alpha and negatives by 1 − alpha. Default: false. */
  readonly applyClassBalancing?: boolean
}

const focalOptions = new OptionTable<FocalOptions>({
  ...lossOptions.rows,
  fromLogits: trueOrFalse,
  labelSmoothing: numberIn({ min: 0, max: 1 }),
  gamma: numberIn({ min: 0 }),
  alpha: numberIn({ min: 0, max: 1 }),
})

const binaryFocalOptions = new OptionTable<BinaryFocalCrossentropyOptions>({
  ...focalOptions.rows,
  applyClassBalancing: trueOrFalse,
})

/**
 * Mean over the last axis of (1 − q)^gamma · binary cross-entropy, where q is the probability given to the
 * right answer.
 *
 * @throws AthanorError SHAPE if the shapes differ ([n] and [n, 1] stand for each other).
 * @example
 * ```ts
 * losses.binaryFocalCrossentropy([0, 1], [0.1, 0.6], { gamma: 2 }) // 0.0414
 * ```
 */
export function binaryFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: BinaryFocalCrossentropyOptions = {},
): Tensor {
  const name = 'binaryFocalCrossentropy'
  binaryFocalOptions.check(`losses.${name}`, options)
  const { fromLogits = false, labelSmoothing = 0, gamma = 2, alpha = 0.25 } = options
  const given = predictions(yPred)
  const labels = targetsLike(name, yTrue, given)
  const t = labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / 2)
  const p = fromLogits ? sigmoid(given) : clip(given, epsilon, 1 - epsilon)
  const entropy = fromLogits
    ? sub(softplus(given), mul(t, given))
    : neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))))
  const right = add(mul(t, p), mul(sub(1, t), sub(1, p)))
  // Sure and right: (1 − p)^gamma has no finite slope at 0 for a gamma below 1.
  const focal = mul(pow(maximum(sub(1, right), epsilon), gamma), entropy)
  const balanced = options.applyClassBalancing
    ? mul(focal, add(mul(t, alpha), mul(sub(1, t), 1 - alpha)))
    : focal
  return reduceElements(name, balanced, options, yPred)
}

/**
 * −Σ alpha · (1 − p)^gamma · yTrue · log p over the last axis, both [..., classes], yTrue one-hot or a
 * distribution. Probabilities are divided by their sum and held within [1e-7, 1 − 1e-7].
 *
 * @throws AthanorError SHAPE if the shapes differ.
 * @example
 * ```ts
 * losses.categoricalFocalCrossentropy([[0, 1, 0]], [[0.1, 0.8, 0.1]]) // 0.00223
 * ```
 */
export function categoricalFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FocalOptions = {},
): Tensor {
  const name = 'categoricalFocalCrossentropy'
  focalOptions.check(`losses.${name}`, options)
  const { fromLogits = false, labelSmoothing = 0, gamma = 2, alpha = 0.25 } = options
  const given = predictions(yPred)
  const labels = targetsLike(name, yTrue, given)
  const classes = given.shape[given.rank - 1] ?? 1
  const t =
    labelSmoothing === 0 ? labels : add(mul(labels, 1 - labelSmoothing), labelSmoothing / classes)
  const share = (x: Tensor) =>
    clip(div(x, sum(x, { axis: -1, keepDims: true })), epsilon, 1 - epsilon)
  const logP = fromLogits ? logSoftmax(given) : log(share(given))
  const p = exp(logP)
  const values = mul(mul(pow(maximum(sub(1, p), epsilon), gamma), alpha), mul(t, logP))
  return reduceSamples(name, neg(sum(values, { axis: -1 })), options, yPred)
}
