// Leaves out steps that hold nothing but a padding value.

import { OptionTable } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { numberIn } from '../base/value-kinds.js'
import { any, cast, mul, notEqual } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

/** Options of `layers.masking`. */
export interface MaskingOptions extends LayerOptions {
  /** What padded steps are filled with. Default: 0. */
  readonly maskValue?: number
}

const maskingOptions = new OptionTable<MaskingOptions>({
  ...layerOptions.rows,
  maskValue: numberIn(),
})

/**
 * [batch, steps, features] with a mask that leaves out the steps whose features all equal `maskValue`;
 * these become zeros. The layers that follow pass over them, and losses and metrics do not count them.
 *
 * @example
 * ```ts
 * const net = new Sequential([layers.masking({ maskValue: -1, inputShape: [5, 2] }), layers.lstm({ units: 4 })])
 * net.forward(random.normal([3, 5, 2])).shape // [3, 4]
 * ```
 */
export class Masking extends Layer {
  readonly maskValue: number

  constructor(options: MaskingOptions = {}) {
    super(maskingOptions.check('layers.masking', options))
    this.maskValue = options.maskValue ?? 0
    this.buildIfKnown()
  }

  get className() {
    return 'Masking' as const
  }

  private counts(x: Tensor, keepDims: boolean): Tensor {
    return any(notEqual(x, this.maskValue), { axis: -1, keepDims })
  }

  protected call(x: Tensor): Tensor {
    return mul(x, cast(this.counts(x, true), x.dtype))
  }

  protected override outputMask(x: Tensor): Tensor | null {
    return x.rank === 3 ? this.counts(x, false) : null
  }

  override get freeAxes(): number {
    return 1
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), maskValue: this.maskValue }
  }
}
