// Vectors scaled to length 1.

import { OptionTable } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { maximum, mul, rsqrt, square, sum } from '../tensor/operations.js'
import { someAxes } from '../tensor/options.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

export interface UnitNormalizationOptions extends LayerOptions {
  /** Axis or axes of a vector, where 0 is the batch. Default: −1. */
  readonly axis?: number | readonly number[]
}

const unitNormalizationOptions = new OptionTable<UnitNormalizationOptions>({
  ...layerOptions.rows,
  axis: someAxes,
})

/**
 * x / √Σx² along the last axis (or the axes given). Shape stays. A vector of zeros stays one.
 *
 * @example
 * ```ts
 * layers.unitNormalization().forward(tensor([[3, 4]])) // [[0.6, 0.8]]
 * ```
 */
export class UnitNormalization extends Layer {
  readonly axis: number | readonly number[]

  constructor(options: UnitNormalizationOptions = {}) {
    super(unitNormalizationOptions.check('layers.unitNormalization', options))
    this.axis = options.axis ?? -1
    this.buildIfKnown()
  }

  get className() {
    return 'UnitNormalization' as const
  }

  protected call(x: Tensor): Tensor {
    const squares = sum(square(x), { axis: this.axis, keepDims: true })
    return mul(x, rsqrt(maximum(squares, 1e-12)))
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), axis: this.axis }
  }
}
