// A plain function as a layer.

import { argumentError } from '../base/errors.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions } from './layer.js'

export interface LambdaOptions extends LayerOptions {
  readonly function: (x: Tensor) => Tensor
}

/**
 * Applies a function that has no parameters of its own. Models with it cannot be saved, since a saved
 * model holds no code: write a Layer and register it with `registerLayer` instead.
 *
 * @example
 * ```ts
 * layers.lambda({ function: x => x.mul(2) })
 * ```
 */
export class Lambda extends Layer {
  readonly function: (x: Tensor) => Tensor

  constructor(options: LambdaOptions) {
    super(options)
    if (typeof options.function !== 'function')
      throw argumentError('layers.lambda', 'a function', typeof options.function)
    this.function = options.function
    this.buildIfKnown()
  }

  get className() {
    return 'Lambda' as const
  }

  protected call(x: Tensor): Tensor {
    return this.function(x)
  }

  override config(): Record<string, unknown> {
    throw argumentError(
      `saving ${this.name}`,
      'layers that JSON can describe',
      'a plain function',
      'Write it as a Layer and register it with registerLayer',
    )
  }
}
