// A numeric column mapped by its ranks onto a normal distribution: outliers and skew lose their
// weight. Between stored quantiles it interpolates. (scikit-learn's QuantileTransformer with
// output_distribution='normal'; ties take the middle of their ranks.)

import type { JsonReader } from '../base/json-reader.js'
import { normalQuantile } from './normal-quantile.js'
import { quantileOf } from './quantile.js'
import { firstAbove, firstAtLeast } from './search-sorted.js'

const knots = 257

export class RankNormal {
  private constructor(
    /** Ascending values. */
    readonly values: Float64Array,
    /** What each of them becomes. */
    readonly normals: Float64Array,
  ) {}

  /** From sorted numbers of order 1 with at least two distinct ones. */
  static fit(sorted: Float64Array): RankNormal {
    const n = sorted.length
    const count = Math.min(knots, n)
    const values: number[] = []
    const normals: number[] = []
    for (let k = 0; k < count; k++) {
      const value = quantileOf(sorted, k / (count - 1))
      if (k > 0 && value <= values[values.length - 1]) continue
      const below = firstAtLeast(sorted, value)
      const upTo = Math.max(below + 1, firstAbove(sorted, value))
      values.push(value)
      normals.push(normalQuantile((below + upTo) / 2 / n))
    }
    return new RankNormal(Float64Array.from(values), Float64Array.from(normals))
  }

  apply(value: number): number {
    const { values, normals } = this
    const above = firstAbove(values, value)
    if (above === 0) return normals[0]
    if (above === values.length) return normals[above - 1]
    const low = values[above - 1]
    const high = values[above]
    const part = (value - low) / (high - low)
    return normals[above - 1] + part * (normals[above] - normals[above - 1])
  }

  toJSON() {
    return { values: Array.from(this.values), normals: Array.from(this.normals) }
  }

  static fromJSON(json: JsonReader): RankNormal {
    json.only('values', 'normals')
    const values = json.get('values').ascendingNumbers(2, knots)
    const normals = json.get('normals').items(values.length, values.length)
    return new RankNormal(
      values,
      Float64Array.from(normals, normal => normal.number(-40, 40)),
    )
  }
}
