// What makes one vector of the steps of a sequence that count.

import type { Shape } from '../../base/shape.js'
import { Layer, type LayerOptions, layerOptions } from '../../nn/layer.js'
import { maskOf } from '../../nn/mask.js'
import type { Tensor } from '../../tensor/tensor.js'

/** The base of `MaskedAverage` and `MaskedMaximum`. */
export abstract class OverSteps extends Layer {
  constructor(name: string, options?: LayerOptions) {
    super(layerOptions.check(name, options))
    this.buildIfKnown()
  }

  /** [batch, steps, features] → [batch, features]; the mask is [batch, steps]. */
  protected abstract reduced(x: Tensor, mask: Tensor | null): Tensor

  protected call(x: Tensor): Tensor {
    return this.reduced(x, maskOf(x))
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape.slice(1)
  }
}
