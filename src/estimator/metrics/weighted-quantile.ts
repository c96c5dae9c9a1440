// Quantiles of weighted values: the inverse of their distribution function, averaged where it jumps
// exactly at the rank wanted (Hyndman & Fan 1996, definition 2), as scikit-learn's metrics use.

import type { Values } from './input.js'
import { select } from './select.js'
import { sortedOrder } from './sorted-order.js'

/** The value with a share `p` of the weight below it; weights sum to more than 0. */
export function weightedQuantile(values: Values, p: number, weights: Values | undefined): number {
  if (weights === undefined) return plainQuantile(values, p)
  const order = sortedOrder(values).filter(row => weights[row] !== 0)
  const sums = new Float64Array(order.length)
  let sum = 0
  for (let i = 0; i < order.length; i++) {
    sum += weights[order[i]]
    sums[i] = sum
  }
  const rank = p * sum
  let at = 0
  while (at < order.length - 1 && sums[at] < rank) at++
  const value = values[order[at]]
  if (at === order.length - 1 || sums[at] - rank > 2 ** -52) return value
  return (value + values[order[at + 1]]) / 2
}

function plainQuantile(values: Values, p: number): number {
  const copy = new Float64Array(values)
  const rank = p * copy.length
  const at = Math.min(copy.length - 1, Math.max(0, Math.ceil(rank) - 1))
  const value = select(copy, at)
  if (at === copy.length - 1 || at + 1 - rank > 2 ** -52) return value
  let next = Number.POSITIVE_INFINITY
  for (let i = at + 1; i < copy.length; i++) if (copy[i] < next) next = copy[i]
  return (value + next) / 2
}
