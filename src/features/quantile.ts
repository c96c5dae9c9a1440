// Quantiles of sorted numbers.

import { firstAtLeast } from './search-sorted.js'

/** The value below which a share `p` lies, interpolated linearly (NumPy's default). */
export function quantileOf(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  const part = at - low
  const gap = sorted[high] - sorted[low]
  // The gap overflows between huge values of opposite sign.
  return Number.isFinite(gap)
    ? sorted[low] + part * gap
    : sorted[low] * (1 - part) + sorted[high] * part
}

/** The distinct values of sorted numbers; undefined as soon as there are more than `limit`. */
export function distinctSorted(sorted: Float64Array, limit = Infinity): Float64Array | undefined {
  const distinct: number[] = []
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue
    if (distinct.length >= limit) return undefined
    distinct.push(sorted[i])
  }
  return Float64Array.from(distinct)
}

/** How a quantile is read between sorted values: NumPy's names (Hyndman & Fan 1996, types 1, 2 and 4 to 9). */
export const quantileMethods = [
  'averagedInvertedCdf',
  'invertedCdf',
  'interpolatedInvertedCdf',
  'hazen',
  'weibull',
  'linear',
  'medianUnbiased',
  'normalUnbiased',
] as const

export type QuantileMethod = (typeof quantileMethods)[number]

/** α and β of the position n·p + α + p·(1 − α − β) for the methods that interpolate. */
const plottingPosition: Readonly<Partial<Record<QuantileMethod, readonly [number, number]>>> = {
  interpolatedInvertedCdf: [0, 1],
  hazen: [0.5, 0.5],
  weibull: [0, 0],
  linear: [1, 1],
  medianUnbiased: [1 / 3, 1 / 3],
  normalUnbiased: [3 / 8, 3 / 8],
}

/** The value below which a share `p` of the sorted numbers lies, by one of the methods. */
export function quantileBy(sorted: Float64Array, p: number, method: QuantileMethod): number {
  const n = sorted.length
  const valueAt = (index: number) => sorted[Math.max(0, Math.min(n - 1, index))]
  const [alpha, beta] = plottingPosition[method] ?? [0, 1]
  const place = n * p + (alpha + p * (1 - alpha - beta)) - 1
  const below = Math.floor(place)
  const part = place - below
  if (method === 'invertedCdf') return valueAt(part === 0 ? below : below + 1)
  const low = valueAt(below)
  const high = valueAt(below + 1)
  if (method === 'averagedInvertedCdf') return part === 0 ? low / 2 + high / 2 : high
  const gap = high - low
  return Number.isFinite(gap) ? low + part * gap : low * (1 - part) + high * part
}

/**
 * The same of weighted values: the first whose cumulated weight reaches a share `p` of the total; averaged
 * with the next where it does so exactly. `cumulated`: running sums of their weights, each above 0.
 */
export function weightedQuantile(
  sorted: ArrayLike<number>,
  cumulated: Float64Array,
  p: number,
  averaged: boolean,
): number {
  const last = cumulated.length - 1
  const wanted = Math.max(p * cumulated[last], Number.MIN_VALUE)
  const at = Math.min(last, firstAtLeast(cumulated, wanted))
  if (!averaged || cumulated[at] - wanted > Number.EPSILON) return sorted[at]
  return sorted[at] / 2 + sorted[Math.min(last, at + 1)] / 2
}
