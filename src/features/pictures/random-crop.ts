// A crop of the padded picture, as large as the picture: what He et al., "Deep Residual Learning" (2015),
// section 4.2, train CIFAR with.

import { OptionTable } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import { type PictureAugmentation, type PictureFill, pictureFills } from './augmentation.js'
import type { PictureDraws } from './draws.js'
import { shiftPicture } from './geometry.js'

/** Options of `augment.randomCrop`. */
export interface RandomCropOptions {
  /** Pixels added on each side before the crop. Default 4. */
  readonly padding?: number
  /** What is added. Default `black`. */
  readonly fill?: PictureFill
}

const options = new OptionTable<RandomCropOptions>({
  padding: wholeNumber({ min: 0, max: 4096 }),
  fill: oneOf(pictureFills),
})

class RandomCrop implements PictureAugmentation {
  readonly name = 'randomCrop'
  private readonly padding: number
  private readonly fill: PictureFill

  constructor({ padding = 4, fill = 'black' }: RandomCropOptions) {
    this.padding = padding
    this.fill = fill
  }

  apply(from: Uint8Array, to: Uint8Array, shape: PictureShape, draws: PictureDraws): boolean {
    const dx = draws.whole(-this.padding, this.padding)
    const dy = draws.whole(-this.padding, this.padding)
    if (dx === 0 && dy === 0) return false
    shiftPicture(from, to, shape, dx, dy, this.fill)
    return true
  }

  config() {
    return { padding: this.padding, fill: this.fill }
  }
}

/**
 * Pads a picture on all sides and cuts one of its size out of it, anywhere.
 *
 * @throws AthanorError ARGUMENT for an unknown option or a value that is not taken.
 * @example
 * ```ts
 * augment.randomCrop({ padding: 2, fill: 'reflect' }).config() // { padding: 2, fill: 'reflect' }
 * ```
 */
export function randomCrop(given: RandomCropOptions = {}): PictureAugmentation {
  return new RandomCrop(options.check('augment.randomCrop', given))
}
