// Pictures made larger.

import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import { pairOf, type Sizes, someSizes } from '../../tensor/windows.js'
import { type LayerOptions, layerOptions } from '../layer.js'
import { type DataFormat, someDataFormat } from './convolution-layer.js'
import { type Interpolation, UpSampling } from './up-sampling.js'

/** Options of `layers.upSampling2d`. */
export interface UpSampling2DOptions extends LayerOptions {
  /** How many times as high and wide. Default: 2. */
  readonly size?: Sizes
  /** `'bilinear'`: straight lines between the pixels' centres (PyTorch's align_corners false). Default: 'nearest'. */
  readonly interpolation?: Interpolation
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
}

const upSampling2dOptions = new OptionTable<UpSampling2DOptions>({
  ...layerOptions.rows,
  size: someSizes,
  interpolation: oneOf(['nearest', 'bilinear']),
  dataFormat: someDataFormat,
})

/**
 * Pictures `size` times as large: [batch, height, width, channels] → [batch, height · size, width ·
 * size, channels].
 *
 * @example
 * ```ts
 * layers.upSampling2d({ size: 2, interpolation: 'bilinear' }).forward(zeros([2, 7, 7, 4])).shape // [2, 14, 14, 4]
 * ```
 */
export class UpSampling2D extends UpSampling {
  readonly size: Sizes

  constructor(options: UpSampling2DOptions = {}) {
    const given = upSampling2dOptions.check('layers.upSampling2d', options)
    const { size = 2, interpolation = 'nearest', dataFormat = 'channelsLast', ...others } = given
    super(2, pairOf(size), dataFormat, interpolation, others)
    this.size = size
  }

  get className() {
    return 'UpSampling2D' as const
  }

  override config(): Record<string, unknown> {
    const { size, interpolation, dataFormat } = this
    return { ...super.config(), size, interpolation, dataFormat }
  }
}
