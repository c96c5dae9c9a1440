// Extremes, means and standard deviations of columns in two passes over their rows: the corrected two-pass
// algorithm (Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance", eq. 1.7). NaN is
// left out. Columns of 1e300 and of 1e-300 keep their spread.

type Values = Float64Array | Float32Array | ArrayLike<number>

/** First pass: how many values, from where to where, and their sum. */
export class ColumnExtremes {
  /** Values that are not missing; with weights, the sum of their weights. */
  readonly count: Float64Array
  /** Infinity where a column has no values. */
  readonly min: Float64Array
  readonly max: Float64Array
  readonly sum: Float64Array

  constructor(readonly width: number) {
    this.count = new Float64Array(width)
    this.min = new Float64Array(width).fill(Number.POSITIVE_INFINITY)
    this.max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY)
    this.sum = new Float64Array(width)
  }

  /** Rows `from..to` of a row-major matrix. */
  add(x: Values, from: number, to: number, weights?: Float64Array): void {
    if (weights !== undefined) {
      this.addWeighted(x, from, to, weights)
      return
    }
    const { width, count, min, max, sum } = this
    const own = new Float64Array(width)
    for (let row = from, i = from * width; row < to; row++)
      for (let j = 0; j < width; j++, i++) {
        const value = x[i]
        if (value < min[j]) min[j] = value
        if (value > max[j]) max[j] = value
        own[j] += value
      }
    for (let j = 0; j < width; j++) {
      if (own[j] - own[j] === 0) {
        count[j] += to - from
        sum[j] += own[j]
        continue
      }
      // Missing values, or a sum that overflows: those that can be added, one by one.
      for (let row = from; row < to; row++) {
        const value = x[row * width + j]
        if (value - value !== 0) continue
        count[j]++
        sum[j] += value
      }
    }
  }

  private addWeighted(x: Values, from: number, to: number, weights: Float64Array): void {
    const { width, count, min, max, sum } = this
    for (let row = from, i = from * width; row < to; row++) {
      const weight = weights[row]
      if (weight === 0) {
        i += width
        continue
      }
      for (let j = 0; j < width; j++, i++) {
        const value = x[i]
        if (value < min[j]) min[j] = value
        if (value > max[j]) max[j] = value
        if (value - value === 0) {
          count[j] += weight
          sum[j] += weight * value
        }
      }
    }
  }
}

/** Second pass: deviations from the means that the first one found. */
export class ColumnDeviations {
  readonly width: number
  private readonly center: Float64Array
  /** Powers of two that bring deviations where squares neither overflow nor vanish; mostly 1. */
  private readonly unit: Float64Array
  private readonly deviation: Float64Array
  private readonly squares: Float64Array

  constructor(readonly first: ColumnExtremes) {
    const { width, count, min, max, sum } = first
    this.width = width
    this.deviation = new Float64Array(width)
    this.squares = new Float64Array(width)
    this.center = sum.map((total, j) => {
      const mean = total / count[j]
      return Number.isFinite(mean) ? mean : min[j] / 2 + max[j] / 2
    })
    this.unit = max.map((high, j) => unitFor(min[j], high))
  }

  add(x: Values, from: number, to: number, weights?: Float64Array): void {
    const { width, unit, deviation, squares } = this
    const shift = this.center.map((value, j) => value * unit[j])
    let i = from * width
    for (let row = from; row < to; row++) {
      const weight = weights === undefined ? 1 : weights[row]
      if (weight === 0) {
        i += width
        continue
      }
      for (let j = 0; j < width; j++, i++) {
        const d = x[i] * unit[j] - shift[j]
        if (d - d !== 0) continue
        deviation[j] += weight * d
        squares[j] += weight * d * d
      }
    }
  }

  /** NaN for both where a column has no values. A column whose spread is rounding alone has deviation 0. */
  finish(): { mean: Float64Array; std: Float64Array } {
    const { first, center, unit, deviation, squares } = this
    const { count, min, max } = first
    const mean = center.map((value, j) => {
      const corrected = value + deviation[j] / count[j] / unit[j]
      return min[j] === max[j] ? min[j] : corrected
    })
    const std = squares.map((sum, j) => {
      if (min[j] === max[j]) return 0
      const n = count[j]
      const shift = deviation[j] / n
      const found = Math.sqrt(Math.max(0, sum / n - shift * shift)) / unit[j]
      // Rounding in the mean of nearly equal values must not look like spread.
      return Number.isNaN(found) || found > Math.abs(mean[j]) * 1e-15 * Math.sqrt(n) ? found : 0
    })
    return { mean, std }
  }
}

function unitFor(low: number, high: number): number {
  const span = high / 2 - low / 2
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (!(span > 0)) return 1
  if (size > 1e150) return 2 ** -Math.floor(Math.log2(size))
  return span < 1e-150 && size < 1 ? 2 ** Math.min(1000, -Math.ceil(Math.log2(size))) : 1
}

/** Mean and population standard deviation of one column. */
export function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  const first = new ColumnExtremes(1)
  first.add(values, 0, values.length)
  const second = new ColumnDeviations(first)
  second.add(values, 0, values.length)
  const { mean, std } = second.finish()
  return { mean: mean[0], std: std[0] }
}
