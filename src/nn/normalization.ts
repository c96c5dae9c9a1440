// What batch and layer normalisation share: γ, β and their options.

import { OptionTable } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { numberIn, orNull, trueOrFalse } from '../base/value-kinds.js'
import { add, mul } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from './initializers/index.js'
import { someInitializer, someRegularizer } from './kinds.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from './regularizers.js'

export interface NormalizationOptions extends LayerOptions {
  /** Added to the variance. Default: 1e-3. (PyTorch: 1e-5.) */
  readonly epsilon?: number
  /** Add β. Default: true. */
  readonly center?: boolean
  /** Multiply by γ. Default: true. */
  readonly scale?: boolean
  /** Default: zeros. */
  readonly betaInitializer?: InitializerLike
  /** Default: ones. */
  readonly gammaInitializer?: InitializerLike
  readonly betaRegularizer?: RegularizerLike | null
  readonly gammaRegularizer?: RegularizerLike | null
}

export const normalizationOptions = new OptionTable<NormalizationOptions>({
  ...layerOptions.rows,
  epsilon: numberIn({ above: 0 }),
  center: trueOrFalse,
  scale: trueOrFalse,
  betaInitializer: someInitializer,
  gammaInitializer: someInitializer,
  betaRegularizer: orNull(someRegularizer),
  gammaRegularizer: orNull(someRegularizer),
})

export abstract class Normalization extends Layer {
  readonly epsilon: number
  readonly center: boolean
  readonly scale: boolean
  gamma: Variable | null = null
  beta: Variable | null = null
  private readonly betaInitializer: Initializer
  private readonly gammaInitializer: Initializer
  private readonly betaRegularizer: Regularizer | null
  private readonly gammaRegularizer: Regularizer | null

  constructor(options: NormalizationOptions) {
    super(options)
    const { epsilon = 1e-3, center = true, scale = true } = options
    this.epsilon = epsilon
    this.center = center
    this.scale = scale
    this.betaInitializer = getInitializer(options.betaInitializer ?? 'zeros')
    this.gammaInitializer = getInitializer(options.gammaInitializer ?? 'ones')
    this.betaRegularizer = getRegularizer(options.betaRegularizer)
    this.gammaRegularizer = getRegularizer(options.gammaRegularizer)
  }

  override get hasWeights(): boolean {
    return true
  }

  protected addAffine(shape: Shape): void {
    const { gammaInitializer, gammaRegularizer, betaInitializer, betaRegularizer } = this
    if (this.scale) this.gamma = this.addWeight('gamma', shape, gammaInitializer, gammaRegularizer)
    if (this.center) this.beta = this.addWeight('beta', shape, betaInitializer, betaRegularizer)
  }

  /** γ · x + β, each laid out as `place` says. */
  protected affine(x: Tensor, place: (weight: Tensor) => Tensor): Tensor {
    const scaled = this.gamma === null ? x : mul(x, place(this.gamma))
    return this.beta === null ? scaled : add(scaled, place(this.beta))
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override flops(inputShape: Shape): number {
    return 8 * super.flops(inputShape)
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      betaInitializer: initializerConfig(this.betaInitializer),
      gammaInitializer: initializerConfig(this.gammaInitializer),
      betaRegularizer: regularizerConfig(this.betaRegularizer),
      gammaRegularizer: regularizerConfig(this.gammaRegularizer),
    }
  }
}
