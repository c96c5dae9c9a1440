// The largest of whole sequences.

import {
  GlobalPoolingLayer,
  type GlobalPoolingOptions,
  globalPoolingOptions,
} from './pooling-layer.js'

/**
 * The largest of each channel over whole sequences: [batch, steps, channels] → [batch, channels]. Steps that a mask
 * leaves out do not count (Keras looks at them too); where none is left, the result is 0.
 *
 * @throws AthanorError SHAPE for inputs of another rank.
 * @example
 * ```ts
 * layers.globalMaxPooling1d().forward(zeros([8, 100, 16])).shape // [8, 16]
 * ```
 */
export class GlobalMaxPooling1D extends GlobalPoolingLayer {
  constructor(options: GlobalPoolingOptions = {}) {
    super(1, 'max', globalPoolingOptions.check('layers.globalMaxPooling1d', options))
  }

  get className() {
    return 'GlobalMaxPooling1D' as const
  }
}
