// Dropout (Srivastava et al. 2014), inverted: what is kept is scaled up, so that inference does nothing.

import { OptionTable, required } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { numberIn, wholeNumber } from '../base/value-kinds.js'
import { mul, where } from '../tensor/operations.js'
import { defaultGenerator, Generator } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

export interface DropoutOptions extends LayerOptions {
  /** Share of the elements that are set to 0 in training, from 0 to below 1. */
  readonly rate: number
  /** Draws of its own. Default: the shared generator, `random.seed(n)`. */
  readonly seed?: number
}

const dropoutOptions = new OptionTable<DropoutOptions>({
  ...layerOptions.rows,
  rate: required(numberIn({ min: 0, below: 1 })),
  seed: wholeNumber({ min: 0 }),
})

/**
 * In training, sets each element to 0 with probability `rate` and multiplies the others by
 * 1 / (1 − rate); in inference, passes everything. Shape stays.
 *
 * @throws AthanorError ARGUMENT for a rate below 0, or of 1 and more.
 * @example
 * ```ts
 * sequential([layers.dense({ units: 64, activation: 'relu', inputShape: [10] }), layers.dropout({ rate: 0.5 })])
 * ```
 */
export class Dropout extends Layer {
  readonly rate: number
  readonly seed: number | undefined
  /** Its own draws; undefined where it uses the shared generator. */
  readonly generator: Generator | undefined

  constructor(options: DropoutOptions) {
    super(dropoutOptions.check('layers.dropout', options))
    const { rate, seed } = options
    this.rate = rate
    this.seed = seed
    this.generator = seed === undefined ? undefined : new Generator(seed)
    this.buildIfKnown()
  }

  get className() {
    return 'Dropout' as const
  }

  override get keepsSteps(): boolean {
    return true
  }

  protected call(x: Tensor): Tensor {
    const { rate } = this
    if (!this.training || rate === 0) return x
    const keep = (this.generator ?? defaultGenerator()).bernoulli(x.shape, 1 - rate)
    return where(keep, mul(x, 1 / (1 - rate)), 0)
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    const { rate, seed } = this
    return seed === undefined ? { ...super.config(), rate } : { ...super.config(), rate, seed }
  }
}
