// Layer normalisation (Ba, Kiros, Hinton 2016): γ · (x − mean) / √(variance + ε) + β over each sample.

import { argumentError, shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, normalizeAxes, type Shape } from '../base/shape.js'
import { add, mean, mul, rsqrt, square, sub } from '../tensor/operations.js'
import { someAxes } from '../tensor/options.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import { Normalization, type NormalizationOptions, normalizationOptions } from './normalization.js'

export interface LayerNormalizationOptions extends NormalizationOptions {
  /** Axis or axes to normalise over, where 0 is the batch. Default: −1. */
  readonly axis?: number | readonly number[]
}

const layerNormalizationOptions = new OptionTable<LayerNormalizationOptions>({
  ...normalizationOptions.rows,
  axis: someAxes,
})

/**
 * Normalises each sample over its last axis (or the axes given). Shape stays. The same in training and
 * inference.
 *
 * @example
 * ```ts
 * layers.layerNormalization({ epsilon: 1e-5, inputShape: [64] })
 * ```
 */
export class LayerNormalization extends Normalization {
  readonly axis: number | readonly number[]

  constructor(options: LayerNormalizationOptions = {}) {
    super(layerNormalizationOptions.check('layers.layerNormalization', options))
    this.axis = options.axis ?? -1
    const axes = typeof this.axis === 'number' ? [this.axis] : this.axis
    if (axes.length === 0 || axes.includes(0))
      throw argumentError(this.name, 'at least one axis other than 0, the batch', formatShape(axes))
    this.buildIfKnown()
  }

  get className() {
    return 'LayerNormalization' as const
  }

  override build(inputShape: Shape): void {
    const axes = normalizeAxes(this.name, this.axis, inputShape.length + 1)
    if (axes.includes(0))
      throw shapeError(this.name, 'inputs of shape [batch, …, features]', formatShape([1]))
    this.addAffine(axes.map(axis => inputShape[axis - 1]))
  }

  override get keepsSteps(): boolean {
    return true
  }

  protected call(x: Tensor): Tensor {
    const axes = normalizeAxes(this.name, this.axis, x.rank)
    const { inputShape } = this
    if (x.rank !== inputShape!.length + 1 || axes.some(a => x.shape[a] !== inputShape![a - 1]))
      throw shapeError(
        `layers.layerNormalization (${this.name})`,
        `inputs like those it was built for, [batch, ${inputShape!.join(', ')}]`,
        formatShape(x.shape),
      )
    const centred = sub(x, mean(x, { axis: axes, keepDims: true }))
    const variance = mean(square(centred), { axis: axes, keepDims: true })
    const trailing = axes[0] === x.rank - axes.length
    const layout = x.shape.map((n, i) => (axes.includes(i) ? n : 1))
    const place = (weight: Tensor) => (trailing ? weight : reshape(weight, layout))
    return this.affine(mul(centred, rsqrt(add(variance, this.epsilon))), place)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), axis: this.axis }
  }
}
