// What layers that draw in training share: a seed, a generator of their own, and a shape that stays.

import { OptionTable } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { wholeNumber } from '../base/value-kinds.js'
import { defaultGenerator, Generator } from '../tensor/random.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

export interface RandomLayerOptions extends LayerOptions {
  /** Draws of its own. Default: the shared generator, `random.seed(n)`. */
  readonly seed?: number
}

export const randomLayerOptions = new OptionTable<RandomLayerOptions>({
  ...layerOptions.rows,
  seed: wholeNumber({ min: 0 }),
})

export abstract class RandomLayer extends Layer {
  readonly seed: number | undefined
  /** Its own draws; undefined where it uses the shared generator. */
  readonly generator: Generator | undefined

  constructor(options: RandomLayerOptions) {
    super(options)
    const { seed } = options
    this.seed = seed
    this.generator = seed === undefined ? undefined : new Generator(seed)
  }

  protected get draws(): Generator {
    return this.generator ?? defaultGenerator()
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    const { seed } = this
    return seed === undefined ? super.config() : { ...super.config(), seed }
  }
}
