// The convolution of pictures.

import { OptionTable } from '../../base/options.js'
import type { Sizes } from '../../tensor/windows.js'
import { type FilterLayerOptions, filterRows, someSizes } from './convolution-layer.js'
import { type KernelOptions, kernelRows, PlainConvolution } from './plain-convolution.js'

/** Options of `layers.conv2d`. */
export interface Conv2DOptions extends FilterLayerOptions<Sizes>, KernelOptions {}

const conv2dOptions = new OptionTable<Conv2DOptions>({ ...filterRows(someSizes), ...kernelRows })

/**
 * activation(x ⋆ kernel + bias) over windows of pictures: [batch, height, width, channels] → [batch,
 * rows, columns, filters]; kernel [height, width, channels / groups, filters].
 *
 * @throws AthanorError ARGUMENT for groups that do not divide channels and filters; SHAPE for pictures
 * smaller than the window, and for other channels than it was built for.
 * @example
 * ```ts
 * const layer = layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] })
 * layer.forward(random.normal([8, 28, 28, 1])).shape // [8, 26, 26, 32]
 * ```
 */
export class Conv2D extends PlainConvolution<Sizes> {
  constructor(options: Conv2DOptions) {
    super(2, conv2dOptions.check('layers.conv2d', options))
  }

  get className() {
    return 'Conv2D' as const
  }
}
