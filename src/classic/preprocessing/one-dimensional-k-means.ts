// k-means of sorted numbers (Lloyd 1982): clusters are runs, and their means come from running sums. A
// cluster without values moves to the value that lies farthest from its centre, as in scikit-learn.

import { firstAbove } from '../../features/search-sorted.js'

/** The centres, ascending, from ascending starting points. */
export function centersOf(
  sorted: Float64Array,
  weights: Float64Array | undefined,
  starts: Float64Array,
): Float64Array {
  const n = sorted.length
  // Sums of differences from the middle, so that large offsets don't round the centres.
  const origin = sorted[0] / 2 + sorted[n - 1] / 2
  const total = new Float64Array(n + 1)
  const sums = new Float64Array(n + 1)
  for (let i = 0; i < n; i++) {
    const weight = weights?.[i] ?? 1
    total[i + 1] = total[i] + weight
    sums[i + 1] = sums[i] + weight * (sorted[i] - origin)
  }
  let centers = starts
  for (let step = 0; step < 300; step++) {
    const ends = Int32Array.from(centers, (center, k) =>
      k === centers.length - 1 ? n : firstAbove(sorted, center / 2 + centers[k + 1] / 2),
    )
    const begins = ends.map((_, k) => (k === 0 ? 0 : ends[k - 1]))
    const weight = centers.map((_, k) => total[ends[k]] - total[begins[k]])
    const sum = centers.map((_, k) => sums[ends[k]] - sums[begins[k]])
    const empty = Array.from(weight.keys()).filter(k => weight[k] === 0)
    if (empty.length > 0)
      farthest(sorted, centers, ends, empty.length).forEach(({ at, cluster }, i) => {
        const moved = weights?.[at] ?? 1
        sum[cluster] -= moved * (sorted[at] - origin)
        weight[cluster] -= moved
        sum[empty[i]] = moved * (sorted[at] - origin)
        weight[empty[i]] = moved
      })
    const next = sum
      .map((value, k) => (weight[k] > 0 ? origin + value / weight[k] : centers[k]))
      .sort()
    const same = next.every((center, k) => center === centers[k])
    centers = next
    if (same) break
  }
  return centers
}

/** The values farthest from the centre of their cluster, farthest first. */
function farthest(
  sorted: Float64Array,
  centers: Float64Array,
  ends: Int32Array,
  count: number,
): { at: number; cluster: number }[] {
  const found: { at: number; cluster: number; distance: number }[] = []
  let cluster = 0
  for (let at = 0; at < sorted.length; at++) {
    while (at >= ends[cluster]) cluster++
    const distance = Math.abs(sorted[at] - centers[cluster])
    if (found.length === count && distance <= found[count - 1].distance) continue
    if (found.length === count) found.pop()
    found.push({ at, cluster, distance })
    found.sort((a, b) => b.distance - a.distance)
  }
  return found
}
