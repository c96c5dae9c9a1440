// The mean of whole sequences.

import {
  GlobalPoolingLayer,
  type GlobalPoolingOptions,
  globalPoolingOptions,
} from './pooling-layer.js'

/**
 * The mean of each channel over whole sequences: [batch, steps, channels] → [batch, channels]. Steps that a mask
 * leaves out do not count; where none is left, the mean is 0.
 *
 * @throws AthanorError SHAPE for inputs of another rank.
 * @example
 * ```ts
 * layers.globalAveragePooling1d().forward(zeros([8, 100, 16])).shape // [8, 16]
 * ```
 */
export class GlobalAveragePooling1D extends GlobalPoolingLayer {
  constructor(options: GlobalPoolingOptions = {}) {
    super(1, 'average', globalPoolingOptions.check('layers.globalAveragePooling1d', options))
  }

  get className() {
    return 'GlobalAveragePooling1D' as const
  }
}
