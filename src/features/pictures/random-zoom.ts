// Pictures drawn larger or smaller about their centre.

import { numberIn, oneOf } from '../../base/value-kinds.js'
import { type PictureFill, pictureFills } from './augmentation.js'
import { warpPicture } from './geometry.js'
import { pictureStep, requireRange } from './picture-step.js'

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

/**
 * Draws a picture larger or smaller about its centre, with bilinear interpolation.
 *
 * @throws AthanorError ARGUMENT for an unknown option or a value that is not taken.
 * @example
 * ```ts
 * augment.randomZoom({ largest: 1.2 }).config() // { smallest: 0.9, largest: 1.2, fill: 'black' }
 * ```
 */
export const randomZoom = pictureStep<RandomZoomOptions>({
  name: 'randomZoom',
  options: { smallest: multiple, largest: multiple, fill: oneOf(pictureFills) },
  defaults: { smallest: 0.9, largest: 1.1, fill: 'black' },
  change: settings => {
    requireRange('randomZoom', settings)
    const { smallest, largest, fill } = settings
    return (from, to, shape, draws) => {
      const scale = 1 / draws.between(smallest, largest)
      return warpPicture(from, to, shape, [scale, 0, 0, scale], fill)
    }
  },
})
