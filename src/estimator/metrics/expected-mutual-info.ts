// The mutual information that two clusterings of these sizes have by chance (Vinh, Epps & Bailey 2009,
// equation 24a): for each class and cluster the mean over a hypergeometric number of shared rows.

/** Below this share of the likeliest number a term no longer counts. */
const negligible = 1e-20

/** Expected mutual information in nats; the counts of either clustering sum to `rows`. */
export function expectedMutualInfo(
  ofClass: Float64Array,
  ofCluster: Float64Array,
  rows: number,
): number {
  // Sizes that occur often (all the small clusters) are reckoned once.
  const classes = frequencies(ofClass)
  const clusters = frequencies(ofCluster)
  let sum = 0
  for (const [a, timesA] of classes)
    for (const [b, timesB] of clusters) sum += timesA * timesB * meanInformation(a, b, rows)
  return sum
}

function frequencies(sizes: Float64Array): Map<number, number> {
  const times = new Map<number, number>()
  for (const size of sizes) times.set(size, (times.get(size) ?? 0) + 1)
  return times
}

/**
 * E[n/N · ln(N·n ÷ (a·b))] for n shared rows of a class of `a` and a cluster of `b` among N. The weights
 * of n follow from the likeliest one by their ratios, outwards until they vanish, and are divided by
 * their sum: no factorial is needed.
 */
function meanInformation(a: number, b: number, rows: number): number {
  const least = Math.max(0, a + b - rows)
  const most = Math.min(a, b)
  const mode = Math.min(most, Math.max(least, Math.floor(((a + 1) * (b + 1)) / (rows + 2))))
  const scale = Math.log(rows) - Math.log(a) - Math.log(b)
  const information = (n: number) => (n === 0 ? 0 : (n / rows) * (Math.log(n) + scale))
  let weights = 1
  let sum = information(mode)
  let weight = 1
  for (let n = mode; n < most; n++) {
    weight *= ((a - n) * (b - n)) / ((n + 1) * (rows - a - b + n + 1))
    if (weight < negligible) break
    weights += weight
    sum += weight * information(n + 1)
  }
  weight = 1
  for (let n = mode; n > least; n--) {
    weight *= (n * (rows - a - b + n)) / ((a - n + 1) * (b - n + 1))
    if (weight < negligible) break
    weights += weight
    sum += weight * information(n - 1)
  }
  return sum / weights
}
