// The separable convolution of sequences (Chollet 2017): each channel for itself, then a mix of them.

import {
  SeparableConvolution,
  type SeparableOptions,
  separable1dOptions,
} from './depthwise-convolution.js'
import type { LayerPadding } from './window-convolution.js'

/** Options of `layers.separableConv1d`. */
export interface SeparableConv1DOptions extends Omit<SeparableOptions<number>, 'padding'> {
  /** `'causal'`: zeros before the sequence only, so that no step sees a later one. Default: 'valid'. */
  readonly padding?: LayerPadding
}

/**
 * Each channel's own convolution, then one of 1 pixel over all of them: [batch, steps, channels] →
 * [batch, steps', filters]; depthwiseKernel [window, channels, depthMultiplier] and
 * pointwiseKernel [1, channels · depthMultiplier, filters].
 *
 * @throws AthanorError SHAPE for sequences smaller than the window, and for other channels than it was
 * built for.
 * @example
 * ```ts
 * layers.separableConv1d({ filters: 32, kernelSize: 3 }).forward(zeros([2, 50, 16])).shape // [2, 48, 32]
 * ```
 */
export class SeparableConv1D extends SeparableConvolution<number> {
  constructor(options: SeparableConv1DOptions) {
    super(1, separable1dOptions.check('layers.separableConv1d', options))
  }

  get className() {
    return 'SeparableConv1D' as const
  }
}
