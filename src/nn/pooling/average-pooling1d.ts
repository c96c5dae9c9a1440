// The mean of windows of sequences.

import { PoolingLayer, type PoolingOptions, pooling1dOptions } from './pooling-layer.js'

/** Options of `layers.averagePooling1d`. */
export type AveragePooling1DOptions = PoolingOptions<number>

/**
 * The mean of each channel over windows of sequences: [batch, steps, channels] → [batch,
 * steps', channels]. Padding is left out of the mean.
 *
 * @throws AthanorError SHAPE for sequences smaller than the window.
 * @example
 * ```ts
 * layers.averagePooling1d({ poolSize: 2 }).forward(zeros([8, 100, 16])).shape // [8, 50, 16]
 * ```
 */
export class AveragePooling1D extends PoolingLayer<number> {
  constructor(options: AveragePooling1DOptions = {}) {
    super(1, 'average', pooling1dOptions.check('layers.averagePooling1d', options))
  }

  get className() {
    return 'AveragePooling1D' as const
  }
}
