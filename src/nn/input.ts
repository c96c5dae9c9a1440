// Says the shape of a model's input; computes nothing.

import { OptionTable, required } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { someShape } from '../tensor/options.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

export interface InputOptions extends LayerOptions {
  readonly inputShape: Shape
}

const inputOptions = new OptionTable<InputOptions>({
  ...layerOptions.rows,
  inputShape: required(someShape),
})

/**
 * The first entry of a model where no layer takes `inputShape`.
 *
 * @example
 * ```ts
 * sequential([layers.input({ inputShape: [4] }), layers.dense({ units: 3 })])
 * ```
 */
export class Input extends Layer {
  constructor(options: InputOptions) {
    super(inputOptions.check('layers.input', options))
    this.buildIfKnown()
  }

  get className() {
    return 'Input' as const
  }

  override get keepsSteps(): boolean {
    return true
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
