// Root mean square normalisation (Zhang and Sennrich 2019): scale · x / √(mean(x²) + ε).

import { shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, normalizeAxis, type Shape } from '../base/shape.js'
import { numberIn } from '../base/value-kinds.js'
import { add, mean, mul, rsqrt, square } from '../tensor/operations.js'
import { oneAxis } from '../tensor/options.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import { getInitializer } from './initializers/index.js'
import { batched, Layer, type LayerOptions, layerOptions } from './layer.js'

export interface RMSNormalizationOptions extends LayerOptions {
  /** Axis to normalise over, where 0 is the batch. Default: −1. */
  readonly axis?: number
  /** Added to the mean of the squares. Default: 1e-6. */
  readonly epsilon?: number
}

const rmsNormalizationOptions = new OptionTable<RMSNormalizationOptions>({
  ...layerOptions.rows,
  axis: oneAxis,
  epsilon: numberIn({ above: 0 }),
})

/**
 * Divides each sample by the root mean square over its last axis (or the axis given), and multiplies by a
 * learned scale. Shape stays. Cheaper than layer normalisation: no mean is taken off, no bias added.
 *
 * @example
 * ```ts
 * layers.rmsNormalization().forward(tensor([[3, 4]])) // [[0.8485, 1.1314]]
 * ```
 */
export class RMSNormalization extends Layer {
  readonly axis: number
  readonly epsilon: number
  scale: Variable | null = null

  constructor(options: RMSNormalizationOptions = {}) {
    super(rmsNormalizationOptions.check('layers.rmsNormalization', options))
    this.axis = options.axis ?? -1
    this.epsilon = options.epsilon ?? 1e-6
    this.buildIfKnown()
  }

  get className() {
    return 'RMSNormalization' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  private axisOf(rank: number): number {
    const axis = normalizeAxis(this.name, this.axis, rank)
    if (axis === 0)
      throw shapeError(this.name, 'an axis other than 0, the batch', String(this.axis))
    return axis
  }

  override build(inputShape: Shape): void {
    const size = inputShape[this.axisOf(inputShape.length + 1) - 1]
    this.scale = this.addWeight('scale', [size], getInitializer('ones'))
  }

  protected call(x: Tensor): Tensor {
    const axis = this.axisOf(x.rank)
    const { scale, inputShape } = this
    if (x.rank !== inputShape!.length + 1 || x.shape[axis] !== scale!.shape[0])
      throw shapeError(
        this.name,
        `inputs like those it was built for, ${batched(inputShape!)}`,
        formatShape(x.shape),
      )
    const squares = mean(square(x), { axis, keepDims: true })
    const layout = x.shape.map((n, i) => (i === axis ? n : 1))
    const placed = axis === x.rank - 1 ? scale! : reshape(scale!, layout)
    return mul(mul(x, rsqrt(add(squares, this.epsilon))), placed)
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), axis: this.axis, epsilon: this.epsilon }
  }
}
