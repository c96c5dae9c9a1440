// The largest of a given number of parts of pictures.

import type { Sizes } from '../../tensor/windows.js'
import {
  AdaptivePooling,
  type AdaptivePoolingOptions,
  adaptivePooling2dOptions,
} from './adaptive-pooling.js'

/**
 * The largest of each channel over a grid of parts: [batch, height, width, channels] → [batch,
 * ...outputSize, channels], whatever the pictures' size.
 *
 * @throws AthanorError SHAPE for inputs that are no pictures.
 * @example
 * ```ts
 * layers.adaptiveMaxPooling2d({ outputSize: 7 }).forward(zeros([2, 17, 20, 8])).shape // [2, 7, 7, 8]
 * ```
 */
export class AdaptiveMaxPooling2D extends AdaptivePooling {
  constructor(options: AdaptivePoolingOptions<Sizes>) {
    super(2, 'max', adaptivePooling2dOptions.check('layers.adaptiveMaxPooling2d', options))
  }

  get className() {
    return 'AdaptiveMaxPooling2D' as const
  }
}
