// Pictures without their edges.

import { OptionTable } from '../../base/options.js'
import { type LayerOptions, layerOptions } from '../layer.js'
import { type DataFormat, someDataFormat } from './convolution-layer.js'
import { Cropping } from './edge-layers.js'
import { type Edges2D, edges2d, someEdges2d } from './edges.js'

/** Options of `layers.cropping2d`. */
export interface Cropping2DOptions extends LayerOptions {
  /** All edges, `[rows, columns]` or `[[top, bottom], [left, right]]`. Default: 0. */
  readonly cropping?: Edges2D
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
}

const cropping2dOptions = new OptionTable<Cropping2DOptions>({
  ...layerOptions.rows,
  cropping: someEdges2d,
  dataFormat: someDataFormat,
})

/**
 * Pictures without their edges: [batch, height, width, channels] → [batch, height − both, width − both,
 * channels].
 *
 * @throws AthanorError SHAPE for pictures of which nothing is left.
 *
 * @example
 * ```ts
 * layers.cropping2d({ cropping: [[1, 0], [2, 2]] }).forward(zeros([2, 8, 8, 3])).shape // [2, 7, 4, 3]
 * ```
 */
export class Cropping2D extends Cropping {
  readonly cropping: Edges2D

  constructor(options: Cropping2DOptions = {}) {
    const given = cropping2dOptions.check('layers.cropping2d', options)
    const cropping = given.cropping ?? 0
    super(2, edges2d(cropping), given.dataFormat ?? 'channelsLast', given)
    this.cropping = cropping
  }

  get className() {
    return 'Cropping2D' as const
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), cropping: this.cropping, dataFormat: this.dataFormat }
  }
}
