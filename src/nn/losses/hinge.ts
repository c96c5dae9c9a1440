// Hinge losses of support vector machines (Cortes and Vapnik 1995; Crammer and Singer 2001).

import {
  all,
  equal,
  logicalOr,
  max,
  mul,
  relu,
  square,
  sub,
  sum,
  where,
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

/** Labels −1 and 1; where all are 0 or 1, those become −1 and 1. */
function signs(t: Tensor): Tensor {
  const binary = all(logicalOr(equal(t, 0), equal(t, 1)))
  return where(binary, sub(mul(t, 2), 1), t)
}

/**
 * max(0, 1 − yTrue · yPred), yTrue −1 or 1 (0 and 1 become those).
 *
 * @example
 * ```ts
 * await losses.hinge([-1, 1], [0.5, 2]).item() // 0.75
 * ```
 */
export function hinge(yTrue: TensorLike, yPred: TensorLike, options: LossOptions = {}): Tensor {
  lossOptions.check('losses.hinge', options)
  const p = predictions(yPred)
  const t = signs(targetsLike('hinge', yTrue, p))
  return reduceElements('hinge', relu(sub(1, mul(t, p))), options, yPred)
}

/**
 * The square of `hinge`'s values.
 *
 * @example
 * ```ts
 * await losses.squaredHinge([-1, 1], [0.5, 2]).item() // 1.125
 * ```
 */
export function squaredHinge(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: LossOptions = {},
): Tensor {
  lossOptions.check('losses.squaredHinge', options)
  const p = predictions(yPred)
  const t = signs(targetsLike('squaredHinge', yTrue, p))
  return reduceElements('squaredHinge', square(relu(sub(1, mul(t, p)))), options, yPred)
}

/**
 * max(0, 1 + the largest score of a wrong class − the right one's), yTrue one-hot [..., classes].
 *
 * @example
 * ```ts
 * await losses.categoricalHinge([[0, 1]], [[0.4, 0.6]]).item() // 0.8
 * ```
 */
export function categoricalHinge(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: LossOptions = {},
): Tensor {
  lossOptions.check('losses.categoricalHinge', options)
  const p = predictions(yPred)
  const t = targetsLike('categoricalHinge', yTrue, p)
  const right = sum(mul(t, p), { axis: -1 })
  const wrong = max(mul(sub(1, t), p), { axis: -1 })
  return reduceSamples('categoricalHinge', relu(sub(wrong, sub(right, 1))), options, yPred)
}
