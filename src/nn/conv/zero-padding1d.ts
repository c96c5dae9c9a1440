// Zeros before and after sequences.

import { OptionTable } from '../../base/options.js'
import { type LayerOptions, layerOptions } from '../layer.js'
import { ZeroPadding } from './edge-layers.js'
import { type Edges1D, edges1d, someEdges1d } from './edges.js'

/** Options of `layers.zeroPadding1d`. */
export interface ZeroPadding1DOptions extends LayerOptions {
  /** Steps at each end, or `[before, after]`. Default: 1. */
  readonly padding?: Edges1D
}

const zeroPadding1dOptions = new OptionTable<ZeroPadding1DOptions>({
  ...layerOptions.rows,
  padding: someEdges1d,
})

/**
 * Zeros before and after sequences: [batch, steps, channels] → [batch, steps + both, channels].
 *
 * @example
 * ```ts
 * layers.zeroPadding1d({ padding: [2, 0] }).forward(zeros([2, 10, 3])).shape // [2, 12, 3]
 * ```
 */
export class ZeroPadding1D extends ZeroPadding {
  readonly padding: Edges1D

  constructor(options: ZeroPadding1DOptions = {}) {
    const given = zeroPadding1dOptions.check('layers.zeroPadding1d', options)
    const padding = given.padding ?? 1
    super(1, edges1d(padding), 'channelsLast', given)
    this.padding = padding
  }

  get className() {
    return 'ZeroPadding1D' as const
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), padding: this.padding }
  }
}
