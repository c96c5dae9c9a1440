// From resampled values to an interval: quantiles, and their levels corrected for bias and skewness
// (Efron & Tibshirani 1993, "An introduction to the bootstrap", equations 14.9 to 14.15).

import { normalQuantile } from '../../features/normal-quantile.js'
import { elementwise } from '../../graph/elementwise.js'

/** The quantile of sorted values, interpolated linearly. */
export function quantileOf(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
}

/** The standard deviation, of n − 1. */
export function standardDeviation(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

/**
 * The levels of the BCa interval whose tails are to hold `tail` each. `without` are the values of all rows
 * but one group, each group once; NaN among them is left out.
 */
export function bcaLevels(
  value: number,
  resampled: Float64Array,
  without: readonly number[],
  tail: number,
): readonly [number, number] {
  let below = 0
  for (const one of resampled) below += one < value ? 1 : one === value ? 0.5 : 0
  // A value beyond all resampled ones: as if half a resample lay beyond it.
  const most = resampled.length - 0.5
  const bias = normalQuantile(Math.min(most, Math.max(0.5, below)) / resampled.length)
  const skew = accelerationOf(without.filter(one => !Number.isNaN(one)))
  const level = (z: number) => {
    const shifted = bias + z
    return normalShare(bias + shifted / (1 - skew * shifted))
  }
  const z = normalQuantile(tail)
  return [level(z), level(-z)]
}

function accelerationOf(without: readonly number[]): number {
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length
  let squares = 0
  let cubes = 0
  for (const value of without) {
    squares += (mean - value) ** 2
    cubes += (mean - value) ** 3
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** P(Z ≤ z) of a standard normal Z. */
function normalShare(z: number): number {
  return (1 + elementwise.erf.apply(z * Math.SQRT1_2, 0, 0)) / 2
}
