// All axes of a sample as one.

import { type Shape, sizeOf } from '../base/shape.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

/**
 * [batch, a, b, …] becomes [batch, a · b · …]; [batch] becomes [batch, 1].
 *
 * @example
 * ```ts
 * layers.flatten().forward(zeros([8, 28, 28])).shape // [8, 784]
 * ```
 */
export class Flatten extends Layer {
  constructor(options?: LayerOptions) {
    super(layerOptions.check('layers.flatten', options))
    this.buildIfKnown()
  }

  get className() {
    return 'Flatten' as const
  }

  protected call(x: Tensor): Tensor {
    return reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))])
  }

  override outputShape(inputShape: Shape): Shape {
    return [sizeOf(inputShape)]
  }

  override flops(_inputShape: Shape): number {
    return 0
  }
}
