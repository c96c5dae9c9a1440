// Sequences made longer.

import { OptionTable } from '../../base/options.js'
import { type LayerOptions, layerOptions } from '../layer.js'
import { someLength } from './convolution-layer.js'
import { UpSampling } from './up-sampling.js'

/** Options of `layers.upSampling1d`. */
export interface UpSampling1DOptions extends LayerOptions {
  /** How often each step is repeated. Default: 2. */
  readonly size?: number
}

const upSampling1dOptions = new OptionTable<UpSampling1DOptions>({
  ...layerOptions.rows,
  size: someLength,
})

/**
 * Each step `size` times: [batch, steps, channels] → [batch, steps · size, channels].
 *
 * @example
 * ```ts
 * layers.upSampling1d({ size: 3 }).forward(zeros([2, 10, 4])).shape // [2, 30, 4]
 * ```
 */
export class UpSampling1D extends UpSampling {
  readonly size: number

  constructor(options: UpSampling1DOptions = {}) {
    const { size = 2, ...given } = upSampling1dOptions.check('layers.upSampling1d', options)
    super(1, [1, size], 'channelsLast', 'nearest', given)
    this.size = size
  }

  get className() {
    return 'UpSampling1D' as const
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), size: this.size }
  }
}
