// Group normalisation (Wu and He 2018): γ · (x − mean) / √(variance + ε) + β, mean and variance over a
// group of channels and all places of a sample.

import { argumentError, shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, normalizeAxis, type Shape } from '../base/shape.js'
import { tested } from '../base/value-kinds.js'
import { add, mean, mul, rsqrt, square, sub } from '../tensor/operations.js'
import { oneAxis } from '../tensor/options.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import { refuseOtherSteps } from './attention/cache.js'
import { batched } from './layer.js'
import { Normalization, type NormalizationOptions, normalizationOptions } from './normalization.js'

export interface GroupNormalizationOptions extends NormalizationOptions {
  /** Groups of channels; −1: each channel on its own, which is instance normalisation. Default: 32. */
  readonly groups?: number
  /** The channels' axis, where 0 is the batch. Default: −1. */
  readonly axis?: number
}

const groupNormalizationOptions = new OptionTable<GroupNormalizationOptions>({
  ...normalizationOptions.rows,
  groups: tested(
    'a whole number of 1 or more, or −1',
    value => Number.isSafeInteger(value) && ((value as number) >= 1 || value === -1),
    [0, -2, 1.5, '1', null],
  ),
  axis: oneAxis,
})

/**
 * Normalises each sample over groups of its channels and all places. Shape stays. The same in training and
 * inference, and for any size of the batch.
 *
 * @throws AthanorError SHAPE where groups does not divide the channels.
 * @example
 * ```ts
 * layers.groupNormalization({ groups: 4 }).forward(random.normal([2, 5, 5, 8])).shape // [2, 5, 5, 8]
 * ```
 */
export class GroupNormalization extends Normalization {
  readonly groups: number
  readonly axis: number

  constructor(options: GroupNormalizationOptions = {}) {
    super(groupNormalizationOptions.check('layers.groupNormalization', options))
    this.groups = options.groups ?? 32
    this.axis = options.axis ?? -1
    if (this.axis === 0) throw argumentError(this.name, 'an axis other than 0, the batch', '0')
    this.buildIfKnown()
  }

  get className() {
    return 'GroupNormalization' as const
  }

  override build(inputShape: Shape): void {
    const axis = normalizeAxis(this.name, this.axis, inputShape.length + 1)
    const channels = axis === 0 ? 0 : inputShape[axis - 1]
    const groups = this.groups === -1 ? channels : this.groups
    if (channels === 0 || channels % groups !== 0)
      throw shapeError(
        this.name,
        `channels that ${groups} groups divide evenly`,
        `${channels} of ${batched(inputShape)}`,
        'Choose groups so that it divides the number of channels',
      )
    this.addAffine([channels])
  }

  override get keepsSteps(): boolean {
    return true
  }

  protected call(x: Tensor): Tensor {
    const axis = normalizeAxis(this.name, this.axis, x.rank)
    const { inputShape } = this
    const channels = inputShape![axis - 1]
    if (x.rank !== inputShape!.length + 1 || x.shape[axis] !== channels)
      throw shapeError(
        this.name,
        `inputs like those it was built for, ${batched(inputShape!)}`,
        formatShape(x.shape),
      )
    if (x.rank > 2 && axis !== 1) refuseOtherSteps(this.name, x)
    const groups = this.groups === -1 ? channels : this.groups
    const split = [...x.shape.slice(0, axis), groups, channels / groups, ...x.shape.slice(axis + 1)]
    const grouped = reshape(x, split)
    const axes = split.map((_, i) => i).filter(i => i !== 0 && i !== axis)
    const centred = sub(grouped, mean(grouped, { axis: axes, keepDims: true }))
    const variance = mean(square(centred), { axis: axes, keepDims: true })
    const normal = reshape(mul(centred, rsqrt(add(variance, this.epsilon))), x.shape)
    const layout = x.shape.map((n, i) => (i === axis ? n : 1))
    const isLast = axis === x.rank - 1
    return this.affine(normal, weight => (isLast ? weight : reshape(weight, layout)))
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), groups: this.groups, axis: this.axis }
  }
}
