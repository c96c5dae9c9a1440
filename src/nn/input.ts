// Says the shape of a model's input; computes nothing.

import { argumentError } from '../base/errors.js'
import type { Shape } from '../base/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions } from './layer.js'

/**
 * The first entry of a model where no layer takes `inputShape`.
 *
 * @example
 * ```ts
 * sequential([layers.input({ inputShape: [4] }), layers.dense({ units: 3 })])
 * ```
 */
export class Input extends Layer {
  constructor(options: LayerOptions & { readonly inputShape: Shape }) {
    super(options)
    if (options.inputShape === undefined)
      throw argumentError('layers.input', 'an inputShape', 'none')
    this.buildIfKnown()
  }

  get className() {
    return 'Input' as const
  }

  protected call(x: Tensor): Tensor {
    return x
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override flops(_inputShape: Shape): number {
    return 0
  }
}
