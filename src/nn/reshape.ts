// A sample's elements in another shape.

import { shapeError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape, type Shape, sizeOf } from '../base/shape.js'
import { tested } from '../base/value-kinds.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import { batched, Layer, type LayerOptions, layerOptions } from './layer.js'

export interface ReshapeOptions extends LayerOptions {
  /** Shape of an output sample, without the batch; one axis may be −1 and is worked out. */
  readonly targetShape: Shape
}

const reshapeOptions = new OptionTable<ReshapeOptions>({
  ...layerOptions.rows,
  targetShape: required(
    tested(
      'a list of whole numbers ≥ 1, with at most one −1',
      shape =>
        Array.isArray(shape) &&
        shape.every(n => n === -1 || (Number.isInteger(n) && n > 0)) &&
        shape.filter(n => n === -1).length <= 1,
      [2, [0], [-1, -1], [1.5], null],
    ),
  ),
})

/**
 * [batch, …] becomes [batch, ...targetShape].
 *
 * @throws AthanorError SHAPE where the elements do not fit.
 * @example
 * ```ts
 * layers.reshape({ targetShape: [28, -1] }).forward(zeros([8, 784])).shape // [8, 28, 28]
 * ```
 */
export class Reshape extends Layer {
  readonly targetShape: Shape

  constructor(options: ReshapeOptions) {
    super(reshapeOptions.check('layers.reshape', options))
    this.targetShape = [...options.targetShape]
    this.buildIfKnown()
  }

  get className() {
    return 'Reshape' as const
  }

  protected call(x: Tensor): Tensor {
    return reshape(x, [x.shape[0], ...this.outputShape(x.shape.slice(1))])
  }

  override outputShape(inputShape: Shape): Shape {
    const { targetShape } = this
    const size = sizeOf(inputShape)
    const known = targetShape.reduce((product, n) => (n === -1 ? product : product * n), 1)
    const fits = targetShape.includes(-1) ? size % known === 0 : size === known
    if (!fits)
      throw shapeError(
        `layers.reshape (${this.name})`,
        `inputs whose elements fit ${formatShape(targetShape)}`,
        batched(inputShape),
      )
    return targetShape.map(n => (n === -1 ? size / known : n))
  }

  override flops(_inputShape: Shape): number {
    return 0
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), targetShape: this.targetShape }
  }
}
