// Brightness and contrast: each value through one table.

import { OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import type { PictureAugmentation } from './augmentation.js'
import type { PictureDraws } from './draws.js'

/** Options of `augment.randomBrightness`. */
export interface RandomBrightnessOptions {
  /** The most that is added or taken away, as a share of white. Default 0.2. */
  readonly by?: number
}

/** Options of `augment.randomContrast`. */
export interface RandomContrastOptions {
  /** The most that distances from the mean grow or shrink, as a share. Default 0.2. */
  readonly by?: number
}

const options = new OptionTable<RandomBrightnessOptions>({ by: numberIn({ min: 0, max: 1 }) })

class RandomBrightness implements PictureAugmentation {
  readonly name = 'randomBrightness'
  private readonly by: number
  private readonly table = new Uint8ClampedArray(256)

  constructor({ by = 0.2 }: RandomBrightnessOptions) {
    this.by = by
  }

  apply(from: Uint8Array, to: Uint8Array, _: PictureShape, draws: PictureDraws): boolean {
    const added = Math.round(255 * draws.between(-this.by, this.by))
    const { table } = this
    for (let value = 0; value < 256; value++) table[value] = value + added
    for (let i = 0; i < from.length; i++) to[i] = table[from[i]]
    return true
  }

  config() {
    return { by: this.by }
  }
}

class RandomContrast implements PictureAugmentation {
  readonly name = 'randomContrast'
  private readonly by: number
  private readonly table = new Uint8ClampedArray(256)

  constructor({ by = 0.2 }: RandomContrastOptions) {
    this.by = by
  }

  apply(from: Uint8Array, to: Uint8Array, _: PictureShape, draws: PictureDraws): boolean {
    const factor = 1 + draws.between(-this.by, this.by)
    let sum = 0
    for (let i = 0; i < from.length; i++) sum += from[i]
    const mean = sum / from.length
    const { table } = this
    for (let value = 0; value < 256; value++) table[value] = mean + factor * (value - mean)
    for (let i = 0; i < from.length; i++) to[i] = table[from[i]]
    return true
  }

  config() {
    return { by: this.by }
  }
}

/**
 * Makes a picture lighter or darker.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 1].
 * @example
 * ```ts
 * augment.randomBrightness({ by: 0.1 }).config() // { by: 0.1 }
 * ```
 */
export function randomBrightness(given: RandomBrightnessOptions = {}): PictureAugmentation {
  return new RandomBrightness(options.check('augment.randomBrightness', given))
}

/**
 * Moves all values of a picture away from its mean, or towards it.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 1].
 * @example
 * ```ts
 * augment.randomContrast().config() // { by: 0.2 }
 * ```
 */
export function randomContrast(given: RandomContrastOptions = {}): PictureAugmentation {
  return new RandomContrast(options.check('augment.randomContrast', given))
}
