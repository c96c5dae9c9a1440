// Pictures drawn larger or smaller about their centre.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import { type PictureAugmentation, type PictureFill, pictureFills } from './augmentation.js'
import type { PictureDraws } from './draws.js'
import { warpPicture } from './geometry.js'

/** Options of `augment.randomZoom`. */
export interface RandomZoomOptions {
  /** The smallest size, as a multiple. Default 0.9. */
  readonly smallest?: number
  /** The largest. Default 1.1. */
  readonly largest?: number
  /** What comes in when it becomes smaller. Default `black`. */
  readonly fill?: PictureFill
}

const multiple = numberIn({ min: 0.1, max: 10 })
const options = new OptionTable<RandomZoomOptions>({
  smallest: multiple,
  largest: multiple,
  fill: oneOf(pictureFills),
})

class RandomZoom implements PictureAugmentation {
  readonly name = 'randomZoom'
  private readonly smallest: number
  private readonly largest: number
  private readonly fill: PictureFill

  constructor({ smallest = 0.9, largest = 1.1, fill = 'black' }: RandomZoomOptions) {
    if (smallest > largest)
      throw argumentError('augment.randomZoom', 'smallest up to largest', `${smallest}, ${largest}`)
    this.smallest = smallest
    this.largest = largest
    this.fill = fill
  }

  apply(from: Uint8Array, to: Uint8Array, shape: PictureShape, draws: PictureDraws): boolean {
    const scale = 1 / draws.between(this.smallest, this.largest)
    if (scale === 1) return false
    warpPicture(from, to, shape, [scale, 0, 0, scale], this.fill)
    return true
  }

  config() {
    return { smallest: this.smallest, largest: this.largest, fill: this.fill }
  }
}

/**
 * Draws a picture larger or smaller about its centre, with bilinear interpolation.
 *
 * @throws AthanorError ARGUMENT for an unknown option or a value that is not taken.
 * @example
 * ```ts
 * augment.randomZoom({ largest: 1.2 }).config() // { smallest: 0.9, largest: 1.2, fill: 'black' }
 * ```
 */
export function randomZoom(given: RandomZoomOptions = {}): PictureAugmentation {
  return new RandomZoom(options.check('augment.randomZoom', given))
}
