// The largest of whole pictures.

import {
  GlobalPoolingLayer,
  type GlobalPoolingOptions,
  globalPoolingOptions,
} from './pooling-layer.js'

/**
 * The largest of each channel over whole pictures: [batch, height, width, channels] → [batch, channels].
 *
 * @throws AthanorError SHAPE for inputs of another rank.
 * @example
 * ```ts
 * layers.globalMaxPooling2d().forward(zeros([8, 28, 28, 32])).shape // [8, 32]
 * ```
 */
export class GlobalMaxPooling2D extends GlobalPoolingLayer {
  constructor(options: GlobalPoolingOptions = {}) {
    super(2, 'max', globalPoolingOptions.check('layers.globalMaxPooling2d', options))
  }

  get className() {
    return 'GlobalMaxPooling2D' as const
  }
}
