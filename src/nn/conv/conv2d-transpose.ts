// The transposed convolution of pictures.

import type { Sizes } from '../../tensor/windows.js'
import {
  TransposedConvolution,
  type TransposedOptions,
  transposed2dOptions,
} from './transposed-convolution.js'

/** Options of `layers.conv2dTranspose`. */
export type Conv2DTransposeOptions = TransposedOptions<Sizes>

/**
 * The transposed convolution: [batch, height, width, channels] → [batch, rows, columns, filters], where
 * rows are height · stride with padding 'same'; kernel [height, width, filters, channels].
 *
 * @throws AthanorError SHAPE for other channels than it was built for; ARGUMENT for an outputPadding
 * that is not smaller than the strides.
 * @example
 * ```ts
 * const layer = layers.conv2dTranspose({ filters: 16, kernelSize: 4, strides: 2, padding: 'same' })
 * layer.forward(zeros([2, 7, 7, 32])).shape // [2, 14, 14, 16]
 * ```
 */
export class Conv2DTranspose extends TransposedConvolution<Sizes> {
  constructor(options: Conv2DTransposeOptions) {
    super(2, transposed2dOptions.check('layers.conv2dTranspose', options))
  }

  get className() {
    return 'Conv2DTranspose' as const
  }
}
