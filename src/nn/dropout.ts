// Dropout (Srivastava et al. 2014), inverted: what is kept is scaled up, so that inference does nothing.

import { OptionTable, required } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { mul, where } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { RandomLayer, type RandomLayerOptions, randomLayerOptions } from './random-layer.js'

export interface DropoutOptions extends RandomLayerOptions {
  /** Share of the elements that are set to 0 in training, from 0 to below 1. */
  readonly rate: number
}

const dropoutOptions = new OptionTable<DropoutOptions>({
  ...randomLayerOptions.rows,
  rate: required(numberIn({ min: 0, below: 1 })),
})

/**
 * In training, sets each element to 0 with probability `rate` and multiplies the others by
 * 1 / (1 − rate); in inference, passes everything. Shape stays.
 *
 * @throws AthanorError ARGUMENT for a rate below 0, or of 1 and more.
 * @example
 * ```ts
 * sequential([layers.dense({ units: 64, activation: 'relu', inputShape: [10] }), layers.dropout({ rate: 0.5 })])
 * ```
 */
export class Dropout extends RandomLayer {
  readonly rate: number

  constructor(options: DropoutOptions) {
    super(dropoutOptions.check('layers.dropout', options))
    this.rate = options.rate
    this.buildIfKnown()
  }

  get className() {
    return 'Dropout' as const
  }

  protected call(x: Tensor): Tensor {
    const { rate } = this
    if (!this.training || rate === 0) return x
    return where(this.draws.bernoulli(x.shape, 1 - rate), mul(x, 1 / (1 - rate)), 0)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), rate: this.rate }
  }
}
