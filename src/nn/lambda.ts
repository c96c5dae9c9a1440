// A plain function as a layer.

import { argumentError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { aFunction } from '../base/value-kinds.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

export interface LambdaOptions extends LayerOptions {
  readonly function: (x: Tensor) => Tensor
}

const lambdaOptions = new OptionTable<LambdaOptions>({
  ...layerOptions.rows,
  function: required(aFunction<LambdaOptions['function']>()),
})

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
    super(lambdaOptions.check('layers.lambda', options))
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
