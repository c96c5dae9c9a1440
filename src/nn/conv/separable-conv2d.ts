// The separable convolution of pictures (Chollet 2017): each channel for itself, then a mix of them.

import type { Sizes } from '../../tensor/windows.js'
import {
  SeparableConvolution,
  type SeparableOptions,
  separable2dOptions,
} from './depthwise-convolution.js'

/** Options of `layers.separableConv2d`. */
export type SeparableConv2DOptions = SeparableOptions<Sizes>

/**
 * Each channel's own convolution, then one of 1 pixel over all of them: [batch, height, width, channels] →
 * [batch, rows, columns, filters]; depthwiseKernel [height, width, channels, depthMultiplier] and
 * pointwiseKernel [1, 1, channels · depthMultiplier, filters].
 *
 * @throws AthanorError SHAPE for pictures smaller than the window, and for other channels than it was
 * built for.
 * @example
 * ```ts
 * layers.separableConv2d({ filters: 32, kernelSize: 3 }).forward(zeros([2, 28, 28, 16])).shape // [2, 26, 26, 32]
 * ```
 */
export class SeparableConv2D extends SeparableConvolution<Sizes> {
  constructor(options: SeparableConv2DOptions) {
    super(2, separable2dOptions.check('layers.separableConv2d', options))
  }

  get className() {
    return 'SeparableConv2D' as const
  }
}
