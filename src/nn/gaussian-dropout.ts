// Multiplicative normal noise (Srivastava et al. 2014, section 10).

import { OptionTable, required } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { mul } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { floatOf } from './float-of.js'
import { RandomLayer, type RandomLayerOptions, randomLayerOptions } from './random-layer.js'

export interface GaussianDropoutOptions extends RandomLayerOptions {
  /** Share that dropout of the same noise would drop, from 0 to below 1. */
  readonly rate: number
}

const gaussianDropoutOptions = new OptionTable<GaussianDropoutOptions>({
  ...randomLayerOptions.rows,
  rate: required(numberIn({ min: 0, below: 1 })),
})

/**
 * In training, multiplies by normal noise of mean 1 and deviation √(rate / (1 − rate)), that of dropout; in inference, passes everything. Shape stays.
 *
 * @throws AthanorError ARGUMENT for a rate outside its range.
 * @example
 * ```ts
 * layers.gaussianDropout({ rate: 0.2 }).eval().forward(ones([1, 2])) // [[1, 1]]
 * ```
 */
export class GaussianDropout extends RandomLayer {
  readonly rate: number

  constructor(options: GaussianDropoutOptions) {
    super(gaussianDropoutOptions.check('layers.gaussianDropout', options))
    this.rate = options.rate
    this.buildIfKnown()
  }

  get className() {
    return 'GaussianDropout' as const
  }

  protected call(x: Tensor): Tensor {
    const { rate } = this
    if (!this.training || rate === 0) return x
    const stddev = Math.sqrt(rate / (1 - rate))
    return mul(x, this.draws.normal(x.shape, { mean: 1, stddev, dtype: floatOf(x) }))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), rate: this.rate }
  }
}
