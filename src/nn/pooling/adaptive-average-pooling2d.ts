// The mean of a given number of parts of pictures.

import type { Sizes } from '../../tensor/windows.js'
import {
  AdaptivePooling,
  type AdaptivePoolingOptions,
  adaptivePooling2dOptions,
} from './adaptive-pooling.js'

/**
 * The mean of each channel over a grid of parts: [batch, height, width, channels] → [batch,
 * ...outputSize, channels], whatever the pictures' size.
 *
 * @throws AthanorError SHAPE for inputs that are no pictures.
 * @example
 * ```ts
 * layers.adaptiveAveragePooling2d({ outputSize: 7 }).forward(zeros([2, 17, 20, 8])).shape // [2, 7, 7, 8]
 * ```
 */
export class AdaptiveAveragePooling2D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions<Sizes>) {
    super(2, 'average', adaptivePooling2dOptions.check('layers.adaptiveAveragePooling2d', options))
  }

  get className() {
    return 'AdaptiveAveragePooling2D' as const
  }
}
