// The mean of windows of pictures.

import type { Sizes } from '../../tensor/windows.js'
import { PoolingLayer, type PoolingOptions, pooling2dOptions } from './pooling-layer.js'

/** Options of `layers.averagePooling2d`. */
export type AveragePooling2DOptions = PoolingOptions<Sizes>

/**
 * The mean of each channel over windows of pictures: [batch, height, width, channels] → [batch,
 * rows, columns, channels]. Padding is left out of the mean.
 *
 * @throws AthanorError SHAPE for pictures smaller than the window.
 * @example
 * ```ts
 * layers.averagePooling2d({ poolSize: 2 }).forward(zeros([8, 28, 28, 32])).shape // [8, 14, 14, 32]
 * ```
 */
export class AveragePooling2D extends PoolingLayer<Sizes> {
  constructor(options: AveragePooling2DOptions = {}) {
    super(2, 'average', pooling2dOptions.check('layers.averagePooling2d', options))
  }

  get className() {
    return 'AveragePooling2D' as const
  }
}
