// A rectangle wiped out. Z. Zhong et al., "Random Erasing Data Augmentation" (2017); with one side ratio and
// probability 1 it is cutout: T. DeVries, G. Taylor (2017).

import { numberIn, oneOf } from '../../base/value-kinds.js'
import { pictureStep, requireRange, share } from './picture-step.js'

/** Options of `augment.randomErasing`. */
export interface RandomErasingOptions {
  /** How often. Default 0.5. */
  readonly probability?: number
  /** The smallest rectangle, as a share of the picture. Default 0.02. */
  readonly smallest?: number
  /** The largest. Default 0.2. */
  readonly largest?: number
  /** Its longer side is at most this many times the shorter one. Default 3. */
  readonly ratio?: number
  /** What stands there: black, or the picture's mean colour. Default `mean`. */
  readonly fill?: 'black' | 'mean'
}

/**
 * Wipes out a rectangle somewhere, so that no single detail decides.
 *
 * @throws AthanorError ARGUMENT for an unknown option or a value that is not taken.
 * @example
 * ```ts
 * augment.randomErasing({ probability: 1, smallest: 0.25, largest: 0.25, ratio: 1 }) // cutout
 * ```
 */
export const randomErasing = pictureStep<RandomErasingOptions>({
  name: 'randomErasing',
  options: {
    probability: share,
    smallest: share,
    largest: share,
    ratio: numberIn({ min: 1, max: 100 }),
    fill: oneOf(['black', 'mean']),
  },
  defaults: { probability: 0.5, smallest: 0.02, largest: 0.2, ratio: 3, fill: 'mean' },
  change: settings => {
    requireRange('randomErasing', settings)
    const { probability, smallest, largest, ratio, fill } = settings
    return (from, to, [height, width, channels], draws) => {
      if (draws.uniform() >= probability) return false
      const area = draws.between(smallest, largest) * height * width
      const sides = Math.exp(draws.between(-Math.log(ratio), Math.log(ratio)))
      const h = Math.max(1, Math.min(height, Math.round(Math.sqrt(area * sides))))
      const w = Math.max(1, Math.min(width, Math.round(Math.sqrt(area / sides))))
      const top = draws.whole(0, height - h)
      const left = draws.whole(0, width - w)
      to.set(from)
      for (let c = 0; c < channels; c++) {
        let value = 0
        if (fill === 'mean') {
          for (let i = c; i < from.length; i += channels) value += from[i]
          value = Math.round(value / (height * width))
        }
        for (let y = top; y < top + h; y++)
          for (let x = left; x < left + w; x++) to[(y * width + x) * channels + c] = value
      }
      return true
    }
  },
})
