// Dropout of whole feature maps (Tompson et al. 2015): neighbours in a map are alike, so that dropping
// single elements would drop little.

import { shapeError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { numberIn } from '../base/value-kinds.js'
import { mul, where } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { batched } from './layer.js'
import { RandomLayer, type RandomLayerOptions, randomLayerOptions } from './random-layer.js'

export interface SpatialDropoutOptions extends RandomLayerOptions {
  /** Share of the maps that are set to 0 in training, from 0 to below 1. */
  readonly rate: number
}

const spatialDropoutOptions = new OptionTable<SpatialDropoutOptions>({
  ...randomLayerOptions.rows,
  rate: required(numberIn({ min: 0, below: 1 })),
})

abstract class SpatialDropout extends RandomLayer {
  readonly rate: number

  constructor(
    factory: string,
    private readonly axes: number,
    options: SpatialDropoutOptions,
  ) {
    super(spatialDropoutOptions.check(`layers.${factory}`, options))
    this.rate = options.rate
  }

  override build(inputShape: Shape): void {
    if (inputShape.length === this.axes + 1) return
    const places = this.axes === 1 ? 'steps' : 'height, width'
    throw shapeError(this.name, `inputs of shape [batch, ${places}, features]`, batched(inputShape))
  }

  protected call(x: Tensor): Tensor {
    const { rate } = this
    if (!this.training || rate === 0) return x
    const perMap = x.shape.map((n, i) => (i === 0 || i === x.rank - 1 ? n : 1))
    return mul(x, where(this.draws.bernoulli(perMap, 1 - rate), 1 / (1 - rate), 0))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), rate: this.rate }
  }
}

/**
 * Dropout of whole features of sequences [batch, steps, features]: one draw for all steps.
 *
 * @example
 * ```ts
 * layers.spatialDropout1d({ rate: 0.2 }).forward(ones([2, 10, 4])).shape // [2, 10, 4]
 * ```
 */
export class SpatialDropout1D extends SpatialDropout {
  constructor(options: SpatialDropoutOptions) {
    super('spatialDropout1d', 1, options)
    this.buildIfKnown()
  }

  get className() {
    return 'SpatialDropout1D' as const
  }
}

/**
 * Dropout of whole channels of pictures [batch, height, width, channels]: one draw for all places.
 *
 * @example
 * ```ts
 * layers.spatialDropout2d({ rate: 0.2 }).forward(ones([2, 5, 5, 4])).shape // [2, 5, 5, 4]
 * ```
 */
export class SpatialDropout2D extends SpatialDropout {
  constructor(options: SpatialDropoutOptions) {
    super('spatialDropout2d', 2, options)
    this.buildIfKnown()
  }

  get className() {
    return 'SpatialDropout2D' as const
  }
}
