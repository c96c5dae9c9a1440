// Huber's loss (Huber 1964): squared for small errors, linear for large ones.

import { OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import { abs, lessEqual, mul, square, sub, where } from '../../tensor/operations.js'
import type { Tensor, TensorLike } from '../../tensor/tensor.js'
import { type LossOptions, lossOptions, predictions, reduceElements, targetsLike } from './loss.js'

/** Options of `losses.huber`. */
export interface HuberOptions extends LossOptions {
  /** The error from which it is linear. Default: 1. */
  readonly delta?: number
}

const huberOptions = new OptionTable<HuberOptions>({
  ...lossOptions.rows,
  delta: numberIn({ above: 0 }),
})

/**
 * e²/2 where |e| ≤ delta, else delta · |e| − delta²/2, for e = yTrue − yPred. PyTorch's `HuberLoss`.
 *
 * @throws AthanorError ARGUMENT for a delta that is not positive.
 * @example
 * ```ts
 * await losses.huber([0, 0], [0.5, 3]).item() // (0.125 + 2.5) / 2
 * ```
 */
export function huber(yTrue: TensorLike, yPred: TensorLike, options: HuberOptions = {}): Tensor {
  const { delta = 1 } = huberOptions.check('losses.huber', options)
  const p = predictions(yPred)
  const error = sub(p, targetsLike('huber', yTrue, p))
  const size = abs(error)
  const small = mul(square(error), 0.5)
  const large = sub(mul(size, delta), 0.5 * delta * delta)
  return reduceElements('huber', where(lessEqual(size, delta), small, large), options, yPred)
}
