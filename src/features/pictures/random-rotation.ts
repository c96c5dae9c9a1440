// Pictures turned about their centre.

import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import { type PictureAugmentation, type PictureFill, pictureFills } from './augmentation.js'
import type { PictureDraws } from './draws.js'
import { warpPicture } from './geometry.js'

/** Options of `augment.randomRotation`. */
export interface RandomRotationOptions {
  /** The most that a picture turns to either side. Default 10. */
  readonly degrees?: number
  /** What comes in at the corners. Default `black`. */
  readonly fill?: PictureFill
}

const options = new OptionTable<RandomRotationOptions>({
  degrees: numberIn({ min: 0, max: 180 }),
  fill: oneOf(pictureFills),
})

class RandomRotation implements PictureAugmentation {
  readonly name = 'randomRotation'
  private readonly degrees: number
  private readonly fill: PictureFill

  constructor({ degrees = 10, fill = 'black' }: RandomRotationOptions) {
    this.degrees = degrees
    this.fill = fill
  }

  apply(from: Uint8Array, to: Uint8Array, shape: PictureShape, draws: PictureDraws): boolean {
    const angle = (draws.between(-this.degrees, this.degrees) * Math.PI) / 180
    if (angle === 0) return false
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    warpPicture(from, to, shape, [cos, sin, -sin, cos], this.fill)
    return true
  }

  config() {
    return { degrees: this.degrees, fill: this.fill }
  }
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
export function randomRotation(given: RandomRotationOptions = {}): PictureAugmentation {
  return new RandomRotation(options.check('augment.randomRotation', given))
}
