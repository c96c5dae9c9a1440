// The mean of a given number of parts of sequences.

import {
  AdaptivePooling,
  type AdaptivePoolingOptions,
  adaptivePooling1dOptions,
} from './adaptive-pooling.js'

/**
 * The mean of each channel over a number of parts: [batch, steps, channels] → [batch, outputSize, channels], however
 * many steps there are.
 *
 * @throws AthanorError SHAPE for inputs that are no sequences.
 * @example
 * ```ts
 * layers.adaptiveAveragePooling1d({ outputSize: 4 }).forward(zeros([2, 17, 8])).shape // [2, 4, 8]
 * ```
 */
export class AdaptiveAveragePooling1D extends AdaptivePooling<number> {
  constructor(options: AdaptivePoolingOptions<number>) {
    super(1, 'average', adaptivePooling1dOptions.check('layers.adaptiveAveragePooling1d', options))
  }

  get className() {
    return 'AdaptiveAveragePooling1D' as const
  }
}
