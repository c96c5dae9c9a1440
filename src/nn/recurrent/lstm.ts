// Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { add, matmul, mul } from '../../tensor/operations.js'
import { recurrentSequence, type SequenceResult } from '../../tensor/recurrence.js'
import { split } from '../../tensor/structure.js'
import { asTensor, type Tensor } from '../../tensor/tensor.js'
import type { Initializer } from '../initializers/index.js'
import { GatedLayer } from './gated-layer.js'
import { type GatedOptions, gatedOptions } from './options.js'

export interface LSTMOptions extends GatedOptions {
  /** The forget gate's bias starts at 1 (Jozefowicz et al. 2015). Default: true. */
  readonly unitForgetBias?: boolean
}

const lstmOptions = new OptionTable<LSTMOptions>({
  ...gatedOptions.rows,
  unitForgetBias: trueOrFalse,
})

/**
 * [batch, steps, features] → [batch, units], the last step's output, or [batch, steps, units] with
 * `returnSequences`. At each step
 *
 *   i, f, c̃, o = σ, σ, tanh, σ of x · kernel + h · recurrentKernel + bias
 *   c = f ∘ c + i ∘ c̃,   h = o ∘ tanh(c)
 *
 * Gates lie in this order in `kernel` [features, 4 · units], `recurrentKernel` [units, 4 · units] and
 * `bias` [4 · units], as in Keras. PyTorch's `nn.LSTM` has the same order (i, f, g, o) with transposed
 * matrices, and two biases, whose sum is this one. Steps that a mask leaves out keep the state.
 *
 * @throws AthanorError ARGUMENT for options that are wrong; SHAPE for other inputs than it was built for.
 * @example
 * ```ts
 * const layer = layers.lstm({ units: 16, inputShape: [10, 4] })
 * layer.forward(random.normal([8, 10, 4])).shape // [8, 16]
 * ```
 */
export class LSTM extends GatedLayer {
  readonly unitForgetBias: boolean
  protected readonly gates = 4
  readonly stateCount = 2

  constructor(options: LSTMOptions) {
    super(lstmOptions.check('layers.lstm', options))
    this.unitForgetBias = options.unitForgetBias ?? true
    this.buildIfKnown()
  }

  get className() {
    return 'LSTM' as const
  }

  protected override biasStart(initializer: Initializer): Initializer {
    if (!this.unitForgetBias) return initializer
    const { units } = this
    return shape => {
      const values = Float64Array.from(asTensor(initializer(shape)).dataSync() as ArrayLike<number>)
      return values.fill(1, units, 2 * units)
    }
  }

  protected wholeSequence(
    pre: Tensor,
    [hidden, cellState]: readonly Tensor[],
    mask: Tensor | null,
  ): SequenceResult {
    const { goBackwards } = this
    const kernel = this.recurrentKernel!
    return recurrentSequence('lstm', { pre, kernel, hidden, cellState, mask, goBackwards })
  }

  protected step(pre: Tensor, recurrent: Tensor, [, cellState]: readonly Tensor[]): Tensor[] {
    const { activation, recurrentActivation } = this
    const gates = add(pre, matmul(recurrent, this.recurrentKernel!))
    const [i, f, c, o] = split(gates, 4, { axis: 1 })
    const kept = mul(recurrentActivation(f), cellState)
    const next = add(kept, mul(recurrentActivation(i), activation(c)))
    return [mul(recurrentActivation(o), activation(next)), next]
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), unitForgetBias: this.unitForgetBias }
  }
}
