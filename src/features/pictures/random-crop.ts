// A crop of the padded picture, as large as the picture: what He et al., "Deep Residual Learning" (2015),
// section 4.2, train CIFAR with.

import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import { type PictureFill, pictureFills } from './augmentation.js'
import { shiftPicture } from './geometry.js'
import { pictureStep } from './picture-step.js'

/** Options of `augment.randomCrop`. */
export interface RandomCropOptions {
  /** Pixels added on each side before the crop. Default 4. */
  readonly padding?: number
  /** What is added. Default `black`. */
  readonly fill?: PictureFill
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
export const randomCrop = pictureStep<RandomCropOptions>({
  name: 'randomCrop',
  options: { padding: wholeNumber({ min: 0, max: 4096 }), fill: oneOf(pictureFills) },
  defaults: { padding: 4, fill: 'black' },
  change:
    ({ padding, fill }) =>
    (from, to, shape, draws) => {
      const dx = draws.whole(-padding, padding)
      const dy = draws.whole(-padding, padding)
      return shiftPicture(from, to, shape, dx, dy, fill)
    },
})
