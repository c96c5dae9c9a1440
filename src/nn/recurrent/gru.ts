// Gated recurrent units (Cho et al. 2014).

import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { zeros } from '../../tensor/creation.js'
import { add, matmul, mul, sub } from '../../tensor/operations.js'
import { recurrentSequence, type SequenceResult } from '../../tensor/recurrence.js'
import { slice, split } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { GatedLayer } from './gated-layer.js'
import { type GatedOptions, gatedOptions } from './options.js'

export interface GRUOptions extends GatedOptions {
  /**
   * The reset gate is applied after the recurrent product (as cuDNN and PyTorch do) rather than to the
   * state before it, which is computed step by step. Default: true.
   */
  readonly resetAfter?: boolean
}

const gruOptions = new OptionTable<GRUOptions>({ ...gatedOptions.rows, resetAfter: trueOrFalse })

/**
 * [batch, steps, features] → [batch, units], the last step's output, or [batch, steps, units] with
 * `returnSequences`. At each step, with R and b of the recurrent product
 *
 *   z, r = σ of x · kernel + h · R + b
 *   n = tanh(x · kernel + r ∘ (h · R + b)),   without resetAfter tanh(x · kernel + (r ∘ h) · R)
 *   h = z ∘ h + (1 − z) ∘ n
 *
 * Gates lie in the order z, r, n in `kernel` [features, 3 · units], `recurrentKernel` [units, 3 · units]
 * and `bias`, as in Keras; `bias` is [2, 3 · units] (inputs', recurrent) with `resetAfter`, else
 * [3 · units]. PyTorch's `nn.GRU` is the form with resetAfter; its matrices are transposed and in the
 * order r, z, n. Steps that a mask leaves out keep the state.
 *
 * @throws AthanorError ARGUMENT for options that are wrong; SHAPE for other inputs than it was built for.
 * @example
 * ```ts
 * const layer = layers.gru({ units: 16, returnSequences: true, inputShape: [10, 4] })
 * layer.forward(random.normal([8, 10, 4])).shape // [8, 10, 16]
 * ```
 */
export class GRU extends GatedLayer {
  readonly resetAfter: boolean
  protected readonly gates = 3
  readonly stateCount = 1

  constructor(options: GRUOptions) {
    super(gruOptions.check('layers.gru', options))
    this.resetAfter = options.resetAfter ?? true
    this.buildIfKnown()
  }

  get className() {
    return 'GRU' as const
  }

  protected override get isPlain(): boolean {
    return super.isPlain && this.resetAfter
  }

  protected override get biasShape() {
    return this.resetAfter ? [2, 3 * this.units] : [3 * this.units]
  }

  protected override get inputBias(): Tensor | null {
    return this.bias === null || !this.resetAfter ? this.bias : slice(this.bias, 0)
  }

  private get recurrentBias(): Tensor {
    const { bias, resetAfter, units, dtype } = this
    return bias === null || !resetAfter ? zeros([3 * units], { dtype }) : slice(bias, 1)
  }

  protected wholeSequence(
    pre: Tensor,
    [hidden]: readonly Tensor[],
    mask: Tensor | null,
  ): SequenceResult {
    const { goBackwards, recurrentBias: bias } = this
    const kernel = this.recurrentKernel!
    return recurrentSequence('gru', { pre, kernel, bias, hidden, mask, goBackwards })
  }

  protected step(pre: Tensor, recurrent: Tensor, [hidden]: readonly Tensor[]): Tensor[] {
    const { units, activation, recurrentActivation, resetAfter } = this
    const kernel = this.recurrentKernel!
    const [xz, xr, xn] = split(pre, 3, { axis: 1 })
    const part = (from: number, to: number) =>
      add(
        matmul(recurrent, slice(kernel, null, [from * units, to * units])),
        slice(this.recurrentBias, [from * units, to * units]),
      )
    const [hz, hr] = split(part(0, 2), 2, { axis: 1 })
    const z = recurrentActivation(add(xz, hz))
    const r = recurrentActivation(add(xr, hr))
    const reset = resetAfter
      ? mul(r, part(2, 3))
      : matmul(mul(r, recurrent), slice(kernel, null, [2 * units, 3 * units]))
    const n = activation(add(xn, reset))
    return [add(mul(z, hidden), mul(sub(1, z), n))]
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), resetAfter: this.resetAfter }
  }
}
