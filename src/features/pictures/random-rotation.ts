// Pictures turned about their centre.

import { numberIn, oneOf } from '../../base/value-kinds.js'
import { type PictureFill, pictureFills } from './augmentation.js'
import { warpPicture } from './geometry.js'
import { pictureStep } from './picture-step.js'

/** Options of `augment.randomRotation`. */
export interface RandomRotationOptions {
  /** The most that a picture turns to either side. Default 10. */
  readonly degrees?: number
  /** What comes in at the corners. Default `black`. */
  readonly fill?: PictureFill
}

/**
 * Turns a picture about its centre, with bilinear interpolation.
 *
 * @throws AthanorError ARGUMENT for an unknown option or a value that is not taken.
 * @example
 * ```ts
 * augment.randomRotation({ degrees: 15 }).config() // { degrees: 15, fill: 'black' }
 * ```
 */
export const randomRotation = pictureStep<RandomRotationOptions>({
  name: 'randomRotation',
  options: { degrees: numberIn({ min: 0, max: 180 }), fill: oneOf(pictureFills) },
  defaults: { degrees: 10, fill: 'black' },
  change:
    ({ degrees, fill }) =>
    (from, to, shape, draws) => {
      const angle = (draws.between(-degrees, degrees) * Math.PI) / 180
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      return warpPicture(from, to, shape, [cos, sin, -sin, cos], fill)
    },
})
