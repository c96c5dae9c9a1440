// Piecewise-linear encoding of a numeric column: one feature a bin, 1 where the value lies above the
// bin, the share passed where it lies in it, 0 below (Gorishniy et al. 2022, "On embeddings for
// numerical features in tabular deep learning", eq. 1; bins by quantiles).

import type { JsonReader } from '../base/json-reader.js'
import { distinctSorted, quantileOf } from './quantile.js'

export class PiecewiseLinear {
  /** One over the width of each bin. */
  readonly inverse: Float64Array

  private constructor(
    /** Ascending; one more than there are bins. */
    readonly edges: Float64Array,
    /** What a full bin counts. */
    readonly height: number,
  ) {
    this.inverse = Float64Array.from(
      { length: edges.length - 1 },
      (_, i) => 1 / (edges[i + 1] - edges[i]),
    )
  }

  /**
   * From sorted numbers of order 1: the distinct values as edges where there are few, quantiles
   * otherwise. Undefined where fewer than two bins come of it: the value itself says as much.
   */
  static fit(sorted: Float64Array, bins: number, height = 1): PiecewiseLinear | undefined {
    const quantiles = () =>
      distinctSorted(
        Float64Array.from({ length: bins + 1 }, (_, i) => quantileOf(sorted, i / bins)),
      )
    const edges = distinctSorted(sorted, bins + 1) ?? quantiles()!
    return edges.length < 3 ? undefined : new PiecewiseLinear(edges, height)
  }

  get bins(): number {
    return this.edges.length - 1
  }

  /** Writes `bins` features from `out[at]` on, where `out` must hold zeros. */
  write(value: number, out: Float32Array, at: number): void {
    const { edges, inverse, height } = this
    const bins = inverse.length
    let bin = 0
    while (bin < bins && value >= edges[bin + 1]) out[at + bin++] = height
    if (bin < bins && value > edges[bin])
      out[at + bin] = (value - edges[bin]) * inverse[bin] * height
  }

  toJSON() {
    return { edges: Array.from(this.edges), height: this.height }
  }

  static fromJSON(json: JsonReader): PiecewiseLinear {
    json.only('edges', 'height')
    const edges = json.get('edges').ascendingNumbers(3, 4097)
    const made = new PiecewiseLinear(edges, json.get('height').number(1e-6, 1e6))
    if (!made.inverse.every(Number.isFinite)) json.get('edges').fail('bins of some width', 'others')
    return made
  }
}
