// Mirror images.

import { OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import type { PictureAugmentation } from './augmentation.js'
import type { PictureDraws } from './draws.js'

/** Options of `augment.randomFlip`. */
export interface RandomFlipOptions {
  /** How often left and right are exchanged, from 0 to 1. Default 0.5. */
  readonly horizontal?: number
  /** How often top and bottom are exchanged. Default 0. */
  readonly vertical?: number
}

const share = numberIn({ min: 0, max: 1 })
const options = new OptionTable<RandomFlipOptions>({ horizontal: share, vertical: share })

class RandomFlip implements PictureAugmentation {
  readonly name = 'randomFlip'
  private readonly horizontal: number
  private readonly vertical: number

  constructor({ horizontal = 0.5, vertical = 0 }: RandomFlipOptions) {
    this.horizontal = horizontal
    this.vertical = vertical
  }

  apply(
    from: Uint8Array,
    to: Uint8Array,
    [height, width, channels]: PictureShape,
    draws: PictureDraws,
  ): boolean {
    const across = draws.uniform() < this.horizontal
    const down = draws.uniform() < this.vertical
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
  }

  config() {
    return { horizontal: this.horizontal, vertical: this.vertical }
  }
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
export function randomFlip(given: RandomFlipOptions = {}): PictureAugmentation {
  return new RandomFlip(options.check('augment.randomFlip', given))
}
