// The convolution of each channel of pictures for itself.

import type { Sizes } from '../../tensor/windows.js'
import {
  DepthwiseConvolution,
  type DepthwiseOptions,
  depthwise2dOptions,
} from './depthwise-convolution.js'

/** Options of `layers.depthwiseConv2d`. */
export type DepthwiseConv2DOptions = DepthwiseOptions<Sizes>

/**
 * Each channel's own convolution: [batch, height, width, channels] → [batch, rows, columns, channels ·
 * depthMultiplier]; kernel [height, width, channels, depthMultiplier].
 *
 * @throws AthanorError SHAPE for pictures smaller than the window, and for other channels than it was
 * built for.
 * @example
 * ```ts
 * layers.depthwiseConv2d({ kernelSize: 3 }).forward(zeros([2, 28, 28, 16])).shape // [2, 26, 26, 16]
 * ```
 */
export class DepthwiseConv2D extends DepthwiseConvolution<Sizes> {
  constructor(options: DepthwiseConv2DOptions) {
    super(2, depthwise2dOptions.check('layers.depthwiseConv2d', options))
  }

  get className() {
    return 'DepthwiseConv2D' as const
  }
}
