// Mirror images.

import { pictureStep, share } from './picture-step.js'

/** Options of `augment.randomFlip`. */
export interface RandomFlipOptions {
  /** How often left and right are exchanged, from 0 to 1. Default 0.5. */
  readonly horizontal?: number
  /** How often top and bottom are exchanged. Default 0. */
  readonly vertical?: number
}

/**
 * Mirror images: left and right exchanged in half of the pictures, top and bottom when asked.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 1].
 * @example
 * ```ts
 * augment.randomFlip({ vertical: 0.5 }).config() // { horizontal: 0.5, vertical: 0.5 }
 * ```
 */
export const randomFlip = pictureStep<RandomFlipOptions>({
  name: 'randomFlip',
  options: { horizontal: share, vertical: share },
  defaults: { horizontal: 0.5, vertical: 0 },
  change:
    ({ horizontal, vertical }) =>
    (from, to, [height, width, channels], draws) => {
      const across = draws.uniform() < horizontal
      const down = draws.uniform() < vertical
      if (!across && !down) return false
      const stride = width * channels
      for (let y = 0; y < height; y++) {
        const source = (down ? height - 1 - y : y) * stride
        const at = y * stride
        if (!across) for (let k = 0; k < stride; k++) to[at + k] = from[source + k]
        else if (channels === 1) {
          const last = source + stride - 1
          for (let k = 0; k < stride; k++) to[at + k] = from[last - k]
        } else
          for (let x = 0; x < width; x++)
            for (let c = 0; c < channels; c++)
              to[at + x * channels + c] = from[source + (width - 1 - x) * channels + c]
      }
      return true
    },
})
