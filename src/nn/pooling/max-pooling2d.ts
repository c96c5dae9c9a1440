// The largest of windows of pictures.

import type { Sizes } from '../../tensor/windows.js'
import { PoolingLayer, type PoolingOptions, pooling2dOptions } from './pooling-layer.js'

/** Options of `layers.maxPooling2d`. */
export type MaxPooling2DOptions = PoolingOptions<Sizes>

/**
 * The largest of each channel over windows of pictures: [batch, height, width, channels] → [batch,
 * rows, columns, channels].
 *
 * @throws AthanorError SHAPE for pictures smaller than the window.
 * @example
 * ```ts
 * layers.maxPooling2d({ poolSize: 2 }).forward(zeros([8, 28, 28, 32])).shape // [8, 14, 14, 32]
 * ```
 */
export class MaxPooling2D extends PoolingLayer<Sizes> {
  constructor(options: MaxPooling2DOptions = {}) {
    super(2, 'max', pooling2dOptions.check('layers.maxPooling2d', options))
  }

  get className() {
    return 'MaxPooling2D' as const
  }
}
