// True and false positives at every distinct score, from the highest down: what the ROC and the
// precision-recall curve are made of (Fawcett 2006, "An introduction to ROC analysis", algorithm 1).

import type { Values } from './input.js'

export interface ThresholdCounts {
  /** Distinct scores, descending; rows with a score of at least this count as predicted positive. */
  readonly thresholds: Float64Array
  readonly truePositives: Float64Array
  readonly falsePositives: Float64Array
}

/** Rows with equal scores fall together, so the order of rows never matters. */
export function thresholdCounts(
  rows: number,
  isPositive: (row: number) => boolean,
  score: (row: number) => number,
  weights: Values | undefined,
): ThresholdCounts {
  const scores = new Float64Array(rows)
  for (let i = 0; i < rows; i++) scores[i] = score(i)
  let order = Uint32Array.from({ length: rows }, (_, i) => i)
  if (weights !== undefined) order = order.filter(i => weights[i] !== 0)
  order.sort((a, b) => scores[b] - scores[a])
  const thresholds = new Float64Array(order.length)
  const truePositives = new Float64Array(order.length)
  const falsePositives = new Float64Array(order.length)
  let tp = 0
  let fp = 0
  let n = 0
  for (let at = 0; at < order.length; at++) {
    const row = order[at]
    const w = weights === undefined ? 1 : weights[row]
    if (isPositive(row)) tp += w
    else fp += w
    if (at + 1 < order.length && scores[order[at + 1]] === scores[row]) continue
    thresholds[n] = scores[row]
    truePositives[n] = tp
    falsePositives[n] = fp
    n++
  }
  return {
    thresholds: thresholds.slice(0, n),
    truePositives: truePositives.slice(0, n),
    falsePositives: falsePositives.slice(0, n),
  }
}
