// The simple recurrent network (Elman 1990).

import { add, matmul } from '../../tensor/operations.js'
import { recurrentSequence, type SequenceResult } from '../../tensor/recurrence.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type RecurrentOptions, recurrentOptions } from './options.js'
import { RecurrentLayer } from './recurrent-layer.js'

/** Options of `layers.simpleRnn`. */
export type SimpleRNNOptions = RecurrentOptions

/**
 * [batch, steps, features] → [batch, units], the last step's output, or [batch, steps, units] with
 * `returnSequences`. At each step h = tanh(x · kernel + h · recurrentKernel + bias), with `kernel`
 * [features, units], `recurrentKernel` [units, units] and `bias` [units]. PyTorch's `nn.RNN` has two
 * biases, whose sum is this one. Steps that a mask leaves out keep the state.
 *
 * @throws AthanorError ARGUMENT for options that are wrong; SHAPE for other inputs than it was built for.
 * @example
 * ```ts
 * const layer = layers.simpleRnn({ units: 16, inputShape: [10, 4] })
 * layer.forward(random.normal([8, 10, 4])).shape // [8, 16]
 * ```
 */
export class SimpleRNN extends RecurrentLayer {
  protected readonly gates = 1
  readonly stateCount = 1

  constructor(options: SimpleRNNOptions) {
    super(recurrentOptions.check('layers.simpleRnn', options))
    this.buildIfKnown()
  }

  get className() {
    return 'SimpleRNN' as const
  }

  protected wholeSequence(
    pre: Tensor,
    [hidden]: readonly Tensor[],
    mask: Tensor | null,
  ): SequenceResult {
    const { goBackwards } = this
    const kernel = this.recurrentKernel!
    return recurrentSequence('simpleRnn', { pre, kernel, hidden, mask, goBackwards })
  }

  protected step(pre: Tensor, recurrent: Tensor): Tensor[] {
    return [this.activation(add(pre, matmul(recurrent, this.recurrentKernel!)))]
  }
}
