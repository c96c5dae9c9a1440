// Normal noise on activities: a regulariser, and augmentation of numbers.

import { OptionTable, required } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { add } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { floatOf } from './float-of.js'
import { RandomLayer, type RandomLayerOptions, randomLayerOptions } from './random-layer.js'

export interface GaussianNoiseOptions extends RandomLayerOptions {
  /** Standard deviation of the noise. */
  readonly stddev: number
}

const gaussianNoiseOptions = new OptionTable<GaussianNoiseOptions>({
  ...randomLayerOptions.rows,
  stddev: required(numberIn({ min: 0 })),
})

/**
 * In training, adds normal noise of mean 0; in inference, passes everything. Shape stays.
 *
 * @throws AthanorError ARGUMENT for a stddev outside its range.
 * @example
 * ```ts
 * layers.gaussianNoise({ stddev: 0.1 }).eval().forward(ones([1, 2])) // [[1, 1]]
 * ```
 */
export class GaussianNoise extends RandomLayer {
  readonly stddev: number

  constructor(options: GaussianNoiseOptions) {
    super(gaussianNoiseOptions.check('layers.gaussianNoise', options))
    this.stddev = options.stddev
    this.buildIfKnown()
  }

  get className() {
    return 'GaussianNoise' as const
  }

  protected call(x: Tensor): Tensor {
    const { stddev } = this
    if (!this.training || stddev === 0) return x
    return add(x, this.draws.normal(x.shape, { stddev, dtype: floatOf(x) }))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), stddev: this.stddev }
  }
}
