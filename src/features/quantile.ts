// Quantiles of sorted numbers, and the ranks that turn a column into a normal one.

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
