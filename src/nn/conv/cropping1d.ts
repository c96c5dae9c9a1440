// Sequences without their ends.

import { OptionTable } from '../../base/options.js'
import { type LayerOptions, layerOptions } from '../layer.js'
import { Cropping } from './edge-layers.js'
import { type Edges1D, edges1d, someEdges1d } from './edges.js'

/** Options of `layers.cropping1d`. */
export interface Cropping1DOptions extends LayerOptions {
  /** Steps at each end, or `[before, after]`. Default: 1. */
  readonly cropping?: Edges1D
}

const cropping1dOptions = new OptionTable<Cropping1DOptions>({
  ...layerOptions.rows,
  cropping: someEdges1d,
})

/**
 * Sequences without their ends: [batch, steps, channels] → [batch, steps − both, channels].
 *
 * @throws AthanorError SHAPE for sequences of which nothing is left.
 *
 * @example
 * ```ts
 * layers.cropping1d({ cropping: [2, 1] }).forward(zeros([2, 10, 3])).shape // [2, 7, 3]
 * ```
 */
export class Cropping1D extends Cropping {
  readonly cropping: Edges1D

  constructor(options: Cropping1DOptions = {}) {
    const given = cropping1dOptions.check('layers.cropping1d', options)
    const cropping = given.cropping ?? 1
    super(1, edges1d(cropping), 'channelsLast', given)
    this.cropping = cropping
  }

  get className() {
    return 'Cropping1D' as const
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), cropping: this.cropping }
  }
}
