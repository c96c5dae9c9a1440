// A sample's axes in another order.

import { shapeError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape, type Shape } from '../base/shape.js'
import { tested } from '../base/value-kinds.js'
import { transpose } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import { batched, Layer, type LayerOptions, layerOptions } from './layer.js'

export interface PermuteOptions extends LayerOptions {
  /** The new order of a sample's axes, counted from 1: `[2, 1]` swaps two. */
  readonly dims: readonly number[]
}

const permuteOptions = new OptionTable<PermuteOptions>({
  ...layerOptions.rows,
  dims: required(
    tested(
      'a list of the axes 1, 2, …, each once',
      value =>
        Array.isArray(value) && [...value].sort((a, b) => a - b).every((axis, i) => axis === i + 1),
      [2, [0, 1], [1, 1], [2], null],
    ),
  ),
})

/**
 * [batch, a, b, …] with the axes of a sample in the order of `dims`.
 *
 * @throws AthanorError SHAPE for samples of another number of axes.
 * @example
 * ```ts
 * layers.permute({ dims: [2, 1] }).forward(tensor([[[1, 2, 3], [4, 5, 6]]])) // [[[1, 4], [2, 5], [3, 6]]]
 * ```
 */
export class Permute extends Layer {
  readonly dims: readonly number[]

  constructor(options: PermuteOptions) {
    super(permuteOptions.check('layers.permute', options))
    this.dims = [...options.dims]
    this.buildIfKnown()
  }

  get className() {
    return 'Permute' as const
  }

  protected call(x: Tensor): Tensor {
    this.outputShape(x.shape.slice(1))
    return transpose(x, [0, ...this.dims])
  }

  override outputShape(inputShape: Shape): Shape {
    if (inputShape.length !== this.dims.length)
      throw shapeError(
        this.name,
        `samples of ${this.dims.length} axes, for dims ${formatShape(this.dims)}`,
        batched(inputShape),
      )
    return this.dims.map(axis => inputShape[axis - 1])
  }

  override flops(_inputShape: Shape): number {
    return 0
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), dims: this.dims }
  }
}
