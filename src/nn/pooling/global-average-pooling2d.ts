// The mean of whole pictures.

import {
  GlobalPoolingLayer,
  type GlobalPoolingOptions,
  globalPoolingOptions,
} from './pooling-layer.js'

/**
 * The mean of each channel over whole pictures: [batch, height, width, channels] → [batch, channels].
 *
 * @throws AthanorError SHAPE for inputs of another rank.
 * @example
 * ```ts
 * layers.globalAveragePooling2d().forward(zeros([8, 28, 28, 32])).shape // [8, 32]
 * ```
 */
export class GlobalAveragePooling2D extends GlobalPoolingLayer {
  constructor(options: GlobalPoolingOptions = {}) {
    super(2, 'average', globalPoolingOptions.check('layers.globalAveragePooling2d', options))
  }

  get className() {
    return 'GlobalAveragePooling2D' as const
  }
}
