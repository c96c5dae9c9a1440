// The convolution of sequences.

import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import { type FilterLayerOptions, filterRows, someLength } from './convolution-layer.js'
import { type KernelOptions, kernelRows, PlainConvolution } from './plain-convolution.js'
import type { LayerPadding } from './window-convolution.js'

/** Options of `layers.conv1d`. */
export interface Conv1DOptions extends Omit<FilterLayerOptions<number>, 'padding'>, KernelOptions {
  /** `'causal'`: zeros before the sequence only, so that no step sees a later one. Default: 'valid'. */
  readonly padding?: LayerPadding
}

const conv1dOptions = new OptionTable<Conv1DOptions>({
  ...filterRows(someLength),
  ...kernelRows,
  padding: oneOf(['valid', 'same', 'causal']),
})

/**
 * activation(x ⋆ kernel + bias) over windows of sequences: [batch, steps, channels] → [batch, steps',
 * filters]; kernel [steps, channels / groups, filters].
 *
 * @throws AthanorError ARGUMENT for groups that do not divide channels and filters; SHAPE for sequences
 * shorter than the window, and for other channels than it was built for.
 * @example
 * ```ts
 * const layer = layers.conv1d({ filters: 16, kernelSize: 5, padding: 'causal', inputShape: [100, 8] })
 * layer.forward(random.normal([4, 100, 8])).shape // [4, 100, 16]
 * ```
 */
export class Conv1D extends PlainConvolution<number> {
  constructor(options: Conv1DOptions) {
    super(1, conv1dOptions.check('layers.conv1d', options))
  }

  get className() {
    return 'Conv1D' as const
  }
}
