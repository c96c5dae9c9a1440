// The loss of connectionist temporal classification as an operation on tensors.

import { OptionTable } from '../base/options.js'
import { trueOrFalse, wholeNumber } from '../base/value-kinds.js'
import * as g from '../graph/build.js'
import { makeNode } from '../graph/ops.js'
import { asTensor, Tensor, type TensorLike } from './tensor.js'

/** Options of `ctcLoss`. */
export interface CtcLossOptions {
  /** The class that stands for no label. Default: 0, as in PyTorch (Keras takes the last). */
  readonly blank?: number
  /** Rows whose labels do not fit their steps lose 0, with gradients of 0. Default: false. */
  readonly zeroInfinity?: boolean
}

const ctcLossOptions = new OptionTable<CtcLossOptions>({
  blank: wholeNumber({ min: 0 }),
  zeroInfinity: trueOrFalse,
})

/**
 * −log of the probability that each row's steps spell its labels, over all ways to place them among
 * blanks and repetitions (Graves et al. 2006). The logits' softmax is taken inside, and everything is
 * added as logarithms in float64, so neither long recordings nor large logits lose digits. A row whose
 * labels need more steps than it has (one each, and one between equal neighbours) loses Infinity and
 * has NaN gradients, or 0 with `zeroInfinity`. Steps from a row's length on get gradients of 0.
 * First derivatives only.
 *
 * @param logits float [batch, steps, classes]
 * @param labels int32 [batch, most labels]; what lies behind a row's length is not read
 * @param inputLengths int32 [batch], each 0 to steps
 * @param labelLengths int32 [batch], each 0 to most labels
 * @returns float [batch]
 * @throws AthanorError SHAPE if the shapes do not fit; INDEX, when it runs, for a length outside its
 * axis or a label that is the blank or outside the classes (a row padded with the blank says so in its length).
 * @example
 * ```ts
 * const int32 = { dtype: 'int32' } as const
 * const scores = zeros([1, 4, 3])
 * ctcLoss(scores, tensor([[1, 2]], int32), tensor([4], int32), tensor([2], int32))
 * ```
 */
export function ctcLoss(
  logits: TensorLike,
  labels: TensorLike,
  inputLengths: TensorLike,
  labelLengths: TensorLike,
  options: CtcLossOptions = {},
): Tensor {
  const { blank = 0, zeroInfinity = false } = ctcLossOptions.check('ctcLoss', options)
  const x = asTensor(logits).node
  const inputs = [
    g.isFloatNode(x) ? x : g.cast(x, 'float32'),
    ...[labels, inputLengths, labelLengths].map(t => asTensor(t).node),
  ]
  return new Tensor(makeNode('ctcLoss', inputs, { blank, zeroInfinity }))
}
