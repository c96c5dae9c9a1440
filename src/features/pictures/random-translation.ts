// Pictures moved by whole pixels, up to a share of their size.

import { oneOf } from '../../base/value-kinds.js'
import { type PictureFill, pictureFills } from './augmentation.js'
import { shiftPicture } from './geometry.js'
import { pictureStep, share } from './picture-step.js'

/** Options of `augment.randomTranslation`. */
export interface RandomTranslationOptions {
  /** The most that a picture moves left or right, as a share of its width. Default 0.1. */
  readonly horizontal?: number
  /** The most that it moves up or down, as a share of its height. Default 0.1. */
  readonly vertical?: number
  /** What comes in. Default `black`. */
  readonly fill?: PictureFill
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
export const randomTranslation = pictureStep<RandomTranslationOptions>({
  name: 'randomTranslation',
  options: { horizontal: share, vertical: share, fill: oneOf(pictureFills) },
  defaults: { horizontal: 0.1, vertical: 0.1, fill: 'black' },
  change:
    ({ horizontal, vertical, fill }) =>
    (from, to, shape, draws) => {
      const across = horizontal * shape[1]
      const down = vertical * shape[0]
      const dx = Math.round(draws.between(-across, across))
      const dy = Math.round(draws.between(-down, down))
      return shiftPicture(from, to, shape, dx, dy, fill)
    },
})
