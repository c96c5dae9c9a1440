// Scaling of a numeric column: extremes are clipped, then the centre is subtracted and the spread
// divided out, all in float64, so that only values of order 1 ever become float32. Timestamps,
// columns of 1e300 and of 1e-300 keep their information.

import type { JsonReader } from '../base/json-reader.js'
import { momentsOf } from './moments.js'
import { quantileOf } from './quantile.js'

/** Between the quartiles of a standard normal distribution. */
const normalInterquartileRange = 1.3489795003921634

export type ScalingKind = 'standard' | 'robust'

/**
 * `(clip(value, lower, upper) · unit − center) ÷ spread`.
 *
 * The bounds lie twice the distance between the 1st and the 99th percentile beyond these; a column
 * where both are the same (nearly constant) isn't clipped. `standard`: mean and standard deviation
 * of the clipped values. `robust`: median, and interquartile range ÷ 1.349, that of a normal distribution (the standard deviation
 * where that is 0).
 */
export class Scaling {
  /** One over the spread. */
  readonly inverse: number

  private constructor(
    readonly lower: number,
    readonly upper: number,
    /** A power of two that brings the values where squares neither overflow nor vanish; mostly 1. */
    readonly unit: number,
    readonly center: number,
    readonly spread: number,
  ) {
    this.inverse = 1 / spread
  }

  /** From sorted, finite numbers, at least one. A constant column has spread 1 and becomes 0. */
  static fit(sorted: Float64Array, kind: ScalingKind = 'standard'): Scaling {
    const { lower, upper } = boundsOf(sorted)
    const unit = unitFor(lower, upper)
    const clipped = sorted.map(value => Math.min(upper, Math.max(lower, value)) * unit)
    const { mean, std } = momentsOf(clipped)
    if (kind === 'standard') return new Scaling(lower, upper, unit, mean, std > 0 ? std : 1)
    const range = quantileOf(clipped, 0.75) - quantileOf(clipped, 0.25)
    const spread = range > 0 ? range / normalInterquartileRange : std
    return new Scaling(lower, upper, unit, quantileOf(clipped, 0.5), spread > 0 ? spread : 1)
  }

  apply(value: number): number {
    const clipped = value < this.lower ? this.lower : Math.min(value, this.upper)
    return (clipped * this.unit - this.center) * this.inverse
  }

  /** The value that `apply` maps onto `scaled`, where it wasn't clipped. */
  invert(scaled: number): number {
    return (scaled * this.spread + this.center) / this.unit
  }

  isClipped(value: number): boolean {
    return value < this.lower || value > this.upper
  }

  toJSON() {
    const { lower, upper, unit, center, spread } = this
    return { lower, upper, unit, center, spread }
  }

  static fromJSON(json: JsonReader): Scaling {
    json.only('lower', 'upper', 'unit', 'center', 'spread')
    const lower = json.get('lower').number()
    const upper = json.get('upper').number(lower)
    const unit = json.get('unit').number(Number.MIN_VALUE)
    const spread = json.get('spread').number(Number.MIN_VALUE)
    const made = new Scaling(lower, upper, unit, json.get('center').number(), spread)
    if (!(Math.abs(made.apply(lower)) < 1e30 && Math.abs(made.apply(upper)) < 1e30))
      json.fail('bounds that are scaled to moderate numbers', 'others')
    return made
  }
}

function boundsOf(sorted: Float64Array): { lower: number; upper: number } {
  const low = quantileOf(sorted, 0.01)
  const high = quantileOf(sorted, 0.99)
  const least = sorted[0]
  const greatest = sorted[sorted.length - 1]
  if (low === high) return { lower: least, upper: greatest }
  // Halves, since high − low may overflow.
  const reach = 4 * (high / 2 - low / 2)
  return { lower: Math.max(least, low - reach), upper: Math.min(greatest, high + reach) }
}

function unitFor(lower: number, upper: number): number {
  const size = Math.max(Math.abs(lower), Math.abs(upper))
  const span = upper / 2 - lower / 2
  if (size > 1e150) return 2 ** -Math.floor(Math.log2(size))
  // Small enough a span for its square to vanish, and values that stay finite when enlarged.
  if (span > 0 && span < 1e-150 && size < 1e100)
    return 2 ** Math.min(1000, -Math.ceil(Math.log2(size)))
  return 1
}
