// Dropout that keeps mean and variance behind SELU (Klambauer et al. 2017, "Self-normalizing networks").

import { OptionTable, required } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { add, mul, where } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { RandomLayer, type RandomLayerOptions, randomLayerOptions } from './random-layer.js'

export interface AlphaDropoutOptions extends RandomLayerOptions {
  /** Share of the elements that are replaced, from 0 to below 1. */
  readonly rate: number
}

const alphaDropoutOptions = new OptionTable<AlphaDropoutOptions>({
  ...randomLayerOptions.rows,
  rate: required(numberIn({ min: 0, below: 1 })),
})

/**
 * In training, sets a share of the elements to the value that SELU tends to, and scales the whole so that mean and variance stay; in inference, passes everything. Shape stays.
 *
 * @throws AthanorError ARGUMENT for a rate outside its range.
 * @example
 * ```ts
 * layers.alphaDropout({ rate: 0.1 }).eval().forward(ones([1, 2])) // [[1, 1]]
 * ```
 */
export class AlphaDropout extends RandomLayer {
  readonly rate: number

  constructor(options: AlphaDropoutOptions) {
    super(alphaDropoutOptions.check('layers.alphaDropout', options))
    this.rate = options.rate
    this.buildIfKnown()
  }

  get className() {
    return 'AlphaDropout' as const
  }

  protected call(x: Tensor): Tensor {
    const { rate } = this
    if (!this.training || rate === 0) return x
    const low = -1.7580993408473766
    const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * low * low))
    const keep = this.draws.bernoulli(x.shape, 1 - rate)
    return add(mul(where(keep, x, low), scale), -scale * low * rate)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), rate: this.rate }
  }
}
