// The best monotone step function: pool adjacent violators (Barlow et al. 1972), in one pass.

/**
 * Values that never fall, with the least weighted squared distance to `y`. `y` is in the order of x.
 *
 * @example
 * ```ts
 * poolAdjacentViolators(Float64Array.of(1, 3, 2)) // [1, 2.5, 2.5]
 * ```
 */
export function poolAdjacentViolators(y: Float64Array, weights?: Float64Array): Float64Array {
  const means = new Float64Array(y.length)
  const sums = new Float64Array(y.length)
  const sizes = new Uint32Array(y.length)
  let blocks = 0
  for (let i = 0; i < y.length; i++) {
    means[blocks] = y[i]
    sums[blocks] = weights?.[i] ?? 1
    sizes[blocks] = 1
    blocks++
    while (blocks > 1 && means[blocks - 2] >= means[blocks - 1]) {
      const [a, b] = [blocks - 2, blocks - 1]
      const total = sums[a] + sums[b]
      if (total > 0) means[a] = (means[a] * sums[a] + means[b] * sums[b]) / total
      sums[a] = total
      sizes[a] += sizes[b]
      blocks--
    }
  }
  const out = new Float64Array(y.length)
  let at = 0
  for (let block = 0; block < blocks; block++) {
    out.fill(means[block], at, at + sizes[block])
    at += sizes[block]
  }
  return out
}

/** Steps of an isotonic fit: x ascending, y never falling (or never rising); linear between them. */
export interface IsotonicSteps {
  readonly xThresholds: Float64Array
  readonly yThresholds: Float64Array
}

/** Fits the steps; points inside a flat piece are left out. Equal x are averaged first. */
export function fitIsotonic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  options: { readonly increasing: boolean; readonly low?: number; readonly high?: number },
): IsotonicSteps {
  const order = Array.from({ length: x.length }, (_, i) => i)
    .filter(i => (weights?.[i] ?? 1) > 0)
    .sort((a, b) => x[a] - x[b])
  const xs: number[] = []
  const ys: number[] = []
  const ws: number[] = []
  for (const i of order) {
    const weight = weights?.[i] ?? 1
    const last = xs.length - 1
    if (last >= 0 && xs[last] === x[i]) {
      ys[last] = (ys[last] * ws[last] + y[i] * weight) / (ws[last] + weight)
      ws[last] += weight
    } else {
      xs.push(x[i])
      ys.push(y[i])
      ws.push(weight)
    }
  }
  const { increasing, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = options
  const sign = increasing ? 1 : -1
  const fitted = poolAdjacentViolators(
    Float64Array.from(ys, value => sign * value),
    Float64Array.from(ws),
  ).map(value => Math.min(high, Math.max(low, sign * value)))
  const keep = xs
    .map((_, i) => i)
    .filter(
      i =>
        i === 0 ||
        i === xs.length - 1 ||
        fitted[i] !== fitted[i - 1] ||
        fitted[i] !== fitted[i + 1],
    )
  return {
    xThresholds: Float64Array.from(keep, i => xs[i]),
    yThresholds: Float64Array.from(keep, i => fitted[i]),
  }
}

/** Linear between the steps; the nearest step's value beyond them. */
export function isotonicValue({ xThresholds, yThresholds }: IsotonicSteps, x: number): number {
  const last = xThresholds.length - 1
  if (!(x > xThresholds[0])) return yThresholds[0]
  if (x >= xThresholds[last]) return yThresholds[last]
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xThresholds[middle] <= x) low = middle
    else high = middle
  }
  const part = (x - xThresholds[low]) / (xThresholds[high] - xThresholds[low])
  return yThresholds[low] + part * (yThresholds[high] - yThresholds[low])
}
