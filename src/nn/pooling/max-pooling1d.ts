// The largest of windows of sequences.

import { PoolingLayer, type PoolingOptions, pooling1dOptions } from './pooling-layer.js'

/** Options of `layers.maxPooling1d`. */
export type MaxPooling1DOptions = PoolingOptions<number>

/**
 * The largest of each channel over windows of sequences: [batch, steps, channels] → [batch,
 * steps', channels].
 *
 * @throws AthanorError SHAPE for sequences smaller than the window.
 * @example
 * ```ts
 * layers.maxPooling1d({ poolSize: 2 }).forward(zeros([8, 100, 16])).shape // [8, 50, 16]
 * ```
 */
export class MaxPooling1D extends PoolingLayer<number> {
  constructor(options: MaxPooling1DOptions = {}) {
    super(1, 'max', pooling1dOptions.check('layers.maxPooling1d', options))
  }

  get className() {
    return 'MaxPooling1D' as const
  }
}
