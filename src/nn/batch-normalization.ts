// Batch normalisation (Ioffe and Szegedy 2015): γ · (x − mean) / √(variance + ε) + β with the statistics
// of the batch in training, and running averages of them in inference.

import { shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, normalizeAxis, type Shape } from '../base/shape.js'
import { numberIn, tested } from '../base/value-kinds.js'
import {
  add,
  cast,
  div,
  maximum,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  sum,
  where,
} from '../tensor/operations.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import { maskOf } from './mask.js'
import { Normalization, type NormalizationOptions, normalizationOptions } from './normalization.js'

export interface BatchNormalizationOptions extends NormalizationOptions {
  /** The axis of the features, where 0 is the batch. Default: −1. */
  readonly axis?: number
  /** Share of the running averages that is kept. Default: 0.99. (PyTorch's 0.1 is the other share.) */
  readonly momentum?: number
}

const batchNormalizationOptions = new OptionTable<BatchNormalizationOptions>({
  ...normalizationOptions.rows,
  axis: tested(
    'a whole number other than 0, the batch',
    axis => Number.isInteger(axis) && axis !== 0,
    [0, 1.5, '1'],
  ),
  momentum: numberIn({ min: 0, max: 1 }),
})

/**
 * Normalises each feature over the batch (and all other axes). Shape stays. In training the running
 * averages `movingMean` and `movingVariance` follow the batches; both are buffers. Variances divide by
 * n, in the running average too (PyTorch's by n − 1). Steps that a mask leaves out count in no average. A frozen
 * layer works as in inference.
 *
 * @example
 * ```ts
 * sequential([
 *   layers.dense({ units: 64, useBias: false, inputShape: [10] }),
 *   layers.batchNormalization(),
 *   layers.relu(),
 * ])
 * ```
 */
export class BatchNormalization extends Normalization {
  readonly axis: number
  readonly momentum: number
  movingMean: Variable | null = null
  movingVariance: Variable | null = null

  constructor(options: BatchNormalizationOptions = {}) {
    super(batchNormalizationOptions.check('layers.batchNormalization', options))
    const { axis = -1, momentum = 0.99 } = options
    this.axis = axis
    this.momentum = momentum
    this.buildIfKnown()
  }

  get className() {
    return 'BatchNormalization' as const
  }

  override build(inputShape: Shape): void {
    const axis = normalizeAxis(this.name, this.axis, inputShape.length + 1)
    if (axis === 0)
      throw shapeError(this.name, 'inputs of shape [batch, …, features]', formatShape([1]))
    const features = [inputShape[axis - 1]]
    this.addAffine(features)
    this.movingMean = this.addBuffer('movingMean', features, 0)
    this.movingVariance = this.addBuffer('movingVariance', features, 1)
  }

  private get frozen(): boolean {
    const { gamma, beta } = this
    if (gamma === null && beta === null) return false
    return !(gamma?.trainable ?? false) && !(beta?.trainable ?? false)
  }

  override get keepsSteps(): boolean {
    return true
  }

  protected call(x: Tensor): Tensor {
    const axis = normalizeAxis(this.name, this.axis, x.rank)
    const movingMean = this.movingMean!
    const movingVariance = this.movingVariance!
    const [features] = movingMean.shape
    if (x.shape[axis] !== features)
      throw shapeError(
        `layers.batchNormalization (${this.name})`,
        `${features} features along axis ${axis}`,
        formatShape(x.shape),
      )
    const last = axis === x.rank - 1
    const layout = x.shape.map((n, i) => (i === axis ? n : 1))
    const place = (weight: Tensor) => (last ? weight : reshape(weight, layout))
    if (!this.training || this.frozen) {
      const factor = rsqrt(add(movingVariance, this.epsilon))
      const scaled = this.gamma === null ? factor : mul(factor, this.gamma)
      const y = mul(sub(x, place(movingMean)), place(scaled))
      return this.beta === null ? y : add(y, place(this.beta))
    }
    const axes = x.shape.map((_, i) => i).filter(i => i !== axis)
    const meanOf = this.counted(x, axis, axes)
    const centre = meanOf(x)
    const centred = sub(x, place(centre))
    const variance = meanOf(square(centred))
    const { momentum } = this
    movingMean.assign(add(mul(movingMean, momentum), mul(centre, 1 - momentum)))
    movingVariance.assign(add(mul(movingVariance, momentum), mul(variance, 1 - momentum)))
    return this.affine(mul(centred, place(rsqrt(add(variance, this.epsilon)))), place)
  }

  /** Means over a batch, without the steps that its mask leaves out. */
  private counted(x: Tensor, axis: number, axes: number[]): (values: Tensor) => Tensor {
    const mask = maskOf(x)
    if (mask === null || axis === 1) return values => mean(values, { axis: axes })
    const counts = reshape(mask, [...mask.shape, ...x.shape.slice(2).map(() => 1)])
    const features = x.shape[axis]
    const number = mul(sum(cast(mask, x.dtype)), x.size / mask.size / features)
    return values => div(sum(where(counts, values, 0), { axis: axes }), maximum(number, 1))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), axis: this.axis, momentum: this.momentum }
  }
}
