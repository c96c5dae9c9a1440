// The transposed convolution of sequences.

import {
  TransposedConvolution,
  type TransposedOptions,
  transposed1dOptions,
} from './transposed-convolution.js'

/** Options of `layers.conv1dTranspose`. */
export type Conv1DTransposeOptions = TransposedOptions<number>

/**
 * The transposed convolution: [batch, steps, channels] → [batch, steps', filters], where steps' is steps
 * · stride with padding 'same'; kernel [window, filters, channels].
 *
 * @throws AthanorError SHAPE for other channels than it was built for; ARGUMENT for an outputPadding
 * that is not smaller than the stride.
 * @example
 * ```ts
 * const layer = layers.conv1dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' })
 * layer.forward(zeros([2, 50, 16])).shape // [2, 100, 8]
 * ```
 */
export class Conv1DTranspose extends TransposedConvolution<number> {
  constructor(options: Conv1DTransposeOptions) {
    super(1, transposed1dOptions.check('layers.conv1dTranspose', options))
  }

  get className() {
    return 'Conv1DTranspose' as const
  }
}
