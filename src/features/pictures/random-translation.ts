// Pictures moved by whole pixels, up to a share of their size.

import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import { type PictureAugmentation, type PictureFill, pictureFills } from './augmentation.js'
import type { PictureDraws } from './draws.js'
import { shiftPicture } from './geometry.js'

/** Options of `augment.randomTranslation`. */
export interface RandomTranslationOptions {
  /** The most that a picture moves left or right, as a share of its width. Default 0.1. */
  readonly horizontal?: number
  /** The most that it moves up or down, as a share of its height. Default 0.1. */
  readonly vertical?: number
  /** What comes in. Default `black`. */
  readonly fill?: PictureFill
}

const share = numberIn({ min: 0, max: 1 })
const options = new OptionTable<RandomTranslationOptions>({
  horizontal: share,
  vertical: share,
  fill: oneOf(pictureFills),
})

class RandomTranslation implements PictureAugmentation {
  readonly name = 'randomTranslation'
  private readonly horizontal: number
  private readonly vertical: number
  private readonly fill: PictureFill

  constructor({ horizontal = 0.1, vertical = 0.1, fill = 'black' }: RandomTranslationOptions) {
    this.horizontal = horizontal
    this.vertical = vertical
    this.fill = fill
  }

  apply(from: Uint8Array, to: Uint8Array, shape: PictureShape, draws: PictureDraws): boolean {
    const across = this.horizontal * shape[1]
    const down = this.vertical * shape[0]
    const dx = Math.round(draws.between(-across, across))
    const dy = Math.round(draws.between(-down, down))
    if (dx === 0 && dy === 0) return false
    shiftPicture(from, to, shape, dx, dy, this.fill)
    return true
  }

  config() {
    return { horizontal: this.horizontal, vertical: this.vertical, fill: this.fill }
  }
}

/**
 * Moves a picture by whole pixels.
 *
 * @throws AthanorError ARGUMENT for an unknown option or a value that is not taken.
 * @example
 * ```ts
 * augment.randomTranslation({ vertical: 0 }).config() // { horizontal: 0.1, vertical: 0, fill: 'black' }
 * ```
 */
export function randomTranslation(given: RandomTranslationOptions = {}): PictureAugmentation {
  return new RandomTranslation(options.check('augment.randomTranslation', given))
}
