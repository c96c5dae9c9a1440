// A layer applied to every step on its own.

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { tested } from '../../base/value-kinds.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'

/** Options of `layers.timeDistributed`. */
export interface TimeDistributedOptions extends LayerOptions {
  /** What is applied to each step. */
  readonly layer: Layer
}

const timeDistributedOptions = new OptionTable<TimeDistributedOptions>({
  ...layerOptions.rows,
  layer: required(tested<Layer>('a layer', value => value instanceof Layer, [1, null, {}])),
})

/**
 * [batch, steps, …] → [batch, steps, …]: the same layer, with the same weights, for each step. All steps
 * of a batch are one call of it, on batch · steps samples. A mask is handed on.
 *
 * @throws AthanorError ARGUMENT without a layer; SHAPE for inputs without steps, and what the layer throws.
 * @example
 * ```ts
 * const each = layers.timeDistributed({ layer: layers.dense({ units: 3 }) })
 * each.forward(random.normal([2, 5, 4])).shape // [2, 5, 3]
 * ```
 */
export class TimeDistributed extends Layer {
  readonly layer: Layer

  constructor(options: TimeDistributedOptions) {
    super(timeDistributedOptions.check('layers.timeDistributed', options))
    this.layer = options.layer
    if (this.layer.givesSeveral)
      throw argumentError(
        'layers.timeDistributed',
        'a layer that gives one tensor',
        `${this.layer.label}, which gives several`,
        'Leave out returnState',
      )
    this.buildIfKnown()
  }

  get className() {
    return 'TimeDistributed' as const
  }

  override get hasWeights(): boolean {
    return this.layer.hasWeights
  }

  override get keepsSteps(): boolean {
    return true
  }

  override build(inputShape: Shape): void {
    if (inputShape.length === 0)
      throw shapeError(this.label, 'inputs of shape [batch, steps, …]', '[batch]')
    this.layer.ensureBuilt(inputShape.slice(1))
  }

  protected call(x: Tensor): Tensor {
    if (x.rank < 2)
      throw shapeError(this.label, 'inputs of shape [batch, steps, …]', formatShape(x.shape))
    const [batch, steps, ...sample] = x.shape
    const y = this.layer.forward(reshape(x, [batch * steps, ...sample]))
    return reshape(y, [batch, steps, ...y.shape.slice(1)])
  }

  override outputShape(inputShape: Shape): Shape {
    return [inputShape[0], ...this.layer.outputShape(inputShape.slice(1))]
  }

  override flops(inputShape: Shape): number {
    return inputShape[0] * this.layer.flops(inputShape.slice(1))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), layer: this.layer.toJSON() }
  }
}
