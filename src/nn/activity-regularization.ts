// A penalty of what goes through, added to the loss.

import { OptionTable } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { numberIn } from '../base/value-kinds.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

export interface ActivityRegularizationOptions extends Omit<LayerOptions, 'activityRegularizer'> {
  /** Factor of Σ|x|. Default: 0. */
  readonly l1?: number
  /** Factor of Σx². Default: 0. */
  readonly l2?: number
}

const { activityRegularizer: _, ...rows } = layerOptions.rows
const activityRegularizationOptions = new OptionTable<ActivityRegularizationOptions>({
  ...rows,
  l1: numberIn({ min: 0 }),
  l2: numberIn({ min: 0 }),
})

/**
 * Passes everything; in training, adds l1 · Σ|x| + l2 · Σx², averaged over the batch, to the loss.
 *
 * @example
 * ```ts
 * const layer = layers.activityRegularization({ l2: 0.1 })
 * layer.forward(tensor([[1, 2], [3, 4]])) // [[1, 2], [3, 4]]
 * layer.regularizationLosses()[0] // 1.5
 * ```
 */
export class ActivityRegularization extends Layer {
  readonly l1: number
  readonly l2: number

  constructor(options: ActivityRegularizationOptions = {}) {
    const checked = activityRegularizationOptions.check('layers.activityRegularization', options)
    const { l1 = 0, l2 = 0, ...rest } = checked
    super({ ...rest, activityRegularizer: { l1, l2 } })
    this.l1 = l1
    this.l2 = l2
    this.buildIfKnown()
  }

  get className() {
    return 'ActivityRegularization' as const
  }

  protected call(x: Tensor): Tensor {
    return x
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    const { activityRegularizer: _, ...rest } = super.config()
    return { ...rest, l1: this.l1, l2: this.l2 }
  }
}
