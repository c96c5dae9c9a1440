// Some quantiles of numbers without sorting them all.

import { select } from '../../estimator/metrics/select.js'
import { quantileOf } from '../../features/quantile.js'

/** The quantiles at ascending shares, interpolated linearly; the values are put in another order. */
export function quantilesOf(values: Float64Array, shares: readonly number[]): number[] {
  const last = values.length - 1
  let done = 0
  return shares.map(share => {
    const at = share * last
    const place = Math.floor(at)
    // What stands before an earlier place is smaller than all that follows.
    const low = place < done ? values[place] : select(values.subarray(done), place - done)
    done = Math.max(done, place)
    if (at === place) return low
    let high = Number.POSITIVE_INFINITY
    for (let i = place + 1; i <= last; i++) if (values[i] < high) high = values[i]
    return quantileOf(Float64Array.of(low, high), at - place)
  })
}
