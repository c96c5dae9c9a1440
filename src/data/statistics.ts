// Statistics of columns in float64, block by block, so that columns larger than memory have them too.
// Mean and variance of joined blocks: Chan, Golub, LeVeque, "Updating formulae and a pairwise
// algorithm for computing sample variances" (1979), kept as root mean squares so that 1e300 survives.

/** Levels of `NumberStatistics.quantiles`. */
export const quantileLevels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const

/** Extremes, mean, deviation, quantiles and histogram of numbers. */
export interface NumberStatistics {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Population standard deviation (divided by the number of values). */
  readonly std: number
  /** At `quantileLevels`, interpolated linearly; over a systematic sample beyond 65,536 values. */
  readonly quantiles: readonly number[]
  /** 20 bins of equal width between min and max, counted over the same sample. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] }
}

const sampleLimit = 65_536

/** Collects a numeric column's statistics from its blocks, in order. NaN cells are left out. */
export class StatisticsBuilder {
  count = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  mean = 0
  allWhole = true
  private deviation = 0
  private sample = new Float64Array(1024)
  private sampled = 0
  private stride = 1
  private untilNext = 0

  add(values: Float64Array, rows = values.length): void {
    let { min, max, allWhole } = this
    let n = 0
    let sum = 0
    for (let i = 0; i < rows; i++) {
      const value = values[i]
      if (Number.isNaN(value)) continue
      n++
      sum += value
      if (value < min) min = value
      if (value > max) max = value
      if (allWhole && value !== Math.floor(value)) allWhole = false
    }
    if (n === 0) return
    this.min = min
    this.max = max
    this.allWhole = allWhole
    let mean = sum / n
    if (!Number.isFinite(mean)) {
      mean = 0
      for (let i = 0; i < rows; i++) if (!Number.isNaN(values[i])) mean += values[i] / n
    }
    this.join(n, mean, rootMeanSquare(values, rows, n, mean, Math.max(max - mean, mean - min)))
    this.keepSample(values, rows)
  }

  get std(): number {
    return this.deviation
  }

  finish(): NumberStatistics | undefined {
    if (this.count === 0) return undefined
    const sorted = this.sample.slice(0, this.sampled).sort()
    const { min, max, mean } = this
    return {
      min,
      max,
      mean: Math.min(max, Math.max(min, mean)),
      std: this.deviation,
      quantiles: quantileLevels.map(level => quantileOfSorted(sorted, level)),
      histogram: histogramOf(sorted, min, max),
    }
  }

  private join(n: number, mean: number, deviation: number): void {
    const total = this.count + n
    const own = this.count / total
    const other = n / total
    const step = mean / 2 - this.mean / 2
    this.deviation = Math.hypot(
      this.deviation * Math.sqrt(own),
      deviation * Math.sqrt(other),
      2 * step * Math.sqrt(own * other),
    )
    this.mean = this.mean * own + mean * other
    this.count = total
  }

  /** Every stride-th value; at the limit every other one is dropped and the stride doubles. */
  private keepSample(values: Float64Array, rows: number): void {
    let i = this.untilNext
    for (; i < rows; i += this.stride) {
      const value = values[i]
      if (Number.isNaN(value)) continue
      if (this.sampled === this.sample.length) this.makeRoom()
      this.sample[this.sampled++] = value
    }
    this.untilNext = i - rows
  }

  private makeRoom(): void {
    if (this.sample.length < sampleLimit) {
      const wider = new Float64Array(this.sample.length * 2)
      wider.set(this.sample)
      this.sample = wider
      return
    }
    for (let i = 0; 2 * i < this.sampled; i++) this.sample[i] = this.sample[2 * i]
    this.sampled = Math.ceil(this.sampled / 2)
    this.stride *= 2
  }
}

/** Statistics of one array; undefined when all cells are missing. */
export function numberStatistics(values: Float64Array): NumberStatistics | undefined {
  const builder = new StatisticsBuilder()
  builder.add(values)
  return builder.finish()
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default). */
export function quantileOfSorted(sorted: ArrayLike<number>, level: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = (sorted.length - 1) * level
  const low = Math.floor(position)
  const high = Math.min(low + 1, sorted.length - 1)
  const part = position - low
  return sorted[low] * (1 - part) + sorted[high] * part
}

function rootMeanSquare(
  values: Float64Array,
  rows: number,
  n: number,
  mean: number,
  largest: number,
): number {
  if (largest === 0) return 0
  // Squares neither overflow nor vanish once divided by a power of two near the largest.
  const extreme = largest > 1e150 || largest < 1e-150
  const scale = extreme ? Math.min(largest, Number.MAX_VALUE) : 1
  let sum = 0
  if (extreme) {
    for (let i = 0; i < rows; i++) {
      const d = values[i] / scale - mean / scale
      if (!Number.isNaN(d)) sum += d * d
    }
  } else {
    for (let i = 0; i < rows; i++) {
      const d = values[i] - mean
      if (!Number.isNaN(d)) sum += d * d
    }
  }
  return Math.sqrt(sum / n) * scale
}

function histogramOf(sorted: Float64Array, min: number, max: number) {
  const bins = min === max ? 1 : 20
  const width = max / bins - min / bins
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : min + i * width))
  const counts = new Array<number>(bins).fill(0)
  let bin = 0
  for (let i = 0; i < sorted.length; i++) {
    while (bin < bins - 1 && sorted[i] >= edges[bin + 1]) bin++
    counts[bin]++
  }
  return { edges, counts }
}
