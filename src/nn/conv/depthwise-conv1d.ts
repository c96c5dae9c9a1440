// The convolution of each channel of sequences for itself.

import {
  DepthwiseConvolution,
  type DepthwiseOptions,
  depthwise1dOptions,
} from './depthwise-convolution.js'

/** Options of `layers.depthwiseConv1d`. */
export type DepthwiseConv1DOptions = DepthwiseOptions<number>

/**
 * Each channel's own convolution: [batch, steps, channels] → [batch, steps', channels ·
 * depthMultiplier]; kernel [window, channels, depthMultiplier].
 *
 * @throws AthanorError SHAPE for sequences smaller than the window, and for other channels than it was
 * built for.
 * @example
 * ```ts
 * layers.depthwiseConv1d({ kernelSize: 3 }).forward(zeros([2, 50, 16])).shape // [2, 48, 16]
 * ```
 */
export class DepthwiseConv1D extends DepthwiseConvolution<number> {
  constructor(options: DepthwiseConv1DOptions) {
    super(1, depthwise1dOptions.check('layers.depthwiseConv1d', options))
  }

  get className() {
    return 'DepthwiseConv1D' as const
  }
}
