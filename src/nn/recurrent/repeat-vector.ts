// A vector at every step: what a decoder of sequences starts from.

import { shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { broadcastTo, expandDims } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'

/** Options of `layers.repeatVector`. */
export interface RepeatVectorOptions extends LayerOptions {
  /** Number of steps. */
  readonly n: number
}

const repeatVectorOptions = new OptionTable<RepeatVectorOptions>({
  ...layerOptions.rows,
  n: required(wholeNumber({ min: 1 })),
})

/**
 * [batch, features] → [batch, n, features]: the same at every step.
 *
 * @throws AthanorError SHAPE for inputs of another rank.
 * @example
 * ```ts
 * layers.repeatVector({ n: 3 }).forward(random.normal([2, 4])).shape // [2, 3, 4]
 * ```
 */
export class RepeatVector extends Layer {
  readonly n: number

  constructor(options: RepeatVectorOptions) {
    super(repeatVectorOptions.check('layers.repeatVector', options))
    this.n = options.n
    this.buildIfKnown()
  }

  get className() {
    return 'RepeatVector' as const
  }

  protected call(x: Tensor): Tensor {
    if (x.rank !== 2)
      throw shapeError(this.label, 'inputs of shape [batch, features]', formatShape(x.shape))
    const [batch, features] = x.shape
    return broadcastTo(expandDims(x, 1), [batch, this.n, features])
  }

  override outputShape(inputShape: Shape): Shape {
    return [this.n, ...inputShape]
  }

  override flops(_inputShape: Shape): number {
    return 0
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), n: this.n }
  }
}
