// Zeros around pictures.

import { OptionTable } from '../../base/options.js'
import { type LayerOptions, layerOptions } from '../layer.js'
import { type DataFormat, someDataFormat } from './convolution-layer.js'
import { ZeroPadding } from './edge-layers.js'
import { type Edges2D, edges2d, someEdges2d } from './edges.js'

/** Options of `layers.zeroPadding2d`. */
export interface ZeroPadding2DOptions extends LayerOptions {
  /** All edges, `[rows, columns]` or `[[top, bottom], [left, right]]`. Default: 1. */
  readonly padding?: Edges2D
  /** Default: 'channelsLast'. */
  readonly dataFormat?: DataFormat
}

const zeroPadding2dOptions = new OptionTable<ZeroPadding2DOptions>({
  ...layerOptions.rows,
  padding: someEdges2d,
  dataFormat: someDataFormat,
})

/**
 * Zeros around pictures: [batch, height, width, channels] → [batch, height + both, width + both,
 * channels].
 *
 * @example
 * ```ts
 * layers.zeroPadding2d({ padding: [[1, 0], [2, 2]] }).forward(zeros([2, 8, 8, 3])).shape // [2, 9, 12, 3]
 * ```
 */
export class ZeroPadding2D extends ZeroPadding {
  readonly padding: Edges2D

  constructor(options: ZeroPadding2DOptions = {}) {
    const given = zeroPadding2dOptions.check('layers.zeroPadding2d', options)
    const padding = given.padding ?? 1
    super(2, edges2d(padding), given.dataFormat ?? 'channelsLast', given)
    this.padding = padding
  }

  get className() {
    return 'ZeroPadding2D' as const
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), padding: this.padding, dataFormat: this.dataFormat }
  }
}
