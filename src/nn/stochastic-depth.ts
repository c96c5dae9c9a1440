// Drops a residual branch for whole samples (Huang et al. 2016, "Deep networks with stochastic depth").

import { OptionTable, required } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { mul, where } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { RandomLayer, type RandomLayerOptions, randomLayerOptions } from './random-layer.js'

export interface StochasticDepthOptions extends RandomLayerOptions {
  /** Share of the samples whose branch is dropped, from 0 to below 1. */
  readonly rate: number
}

const stochasticDepthOptions = new OptionTable<StochasticDepthOptions>({
  ...randomLayerOptions.rows,
  rate: required(numberIn({ min: 0, below: 1 })),
})

/**
 * In training, sets whole samples to 0 with probability `rate` and multiplies the others by 1 / (1 − rate); in inference, passes everything. It stands at the end of a residual branch, before the sum. Shape stays.
 *
 * @throws AthanorError ARGUMENT for a rate outside its range.
 * @example
 * ```ts
 * const x = input({ shape: [8] })
 * const branch = layers.stochasticDepth({ rate: 0.1 }).apply(layers.dense({ units: 8 }).apply(x))
 * layers.add().apply([x, branch])
 * ```
 */
export class StochasticDepth extends RandomLayer {
  readonly rate: number

  constructor(options: StochasticDepthOptions) {
    super(stochasticDepthOptions.check('layers.stochasticDepth', options))
    this.rate = options.rate
    this.buildIfKnown()
  }

  get className() {
    return 'StochasticDepth' as const
  }

  protected call(x: Tensor): Tensor {
    const { rate } = this
    if (!this.training || rate === 0) return x
    const perSample = x.shape.map((n, i) => (i === 0 ? n : 1))
    return mul(x, where(this.draws.bernoulli(perSample, 1 - rate), 1 / (1 - rate), 0))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), rate: this.rate }
  }
}
