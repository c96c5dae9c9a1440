// True and false positives at every distinct score, from the highest down: what the ROC and the
// precision-recall curve are made of (Fawcett 2006, "An introduction to ROC analysis", algorithm 1).

import type { Values } from './input.js'
import { sortedOrder } from './sorted-order.js'

export interface ThresholdCounts {
  /** Distinct scores, descending; rows with a score of at least this count as predicted positive. */
  readonly thresholds: Float64Array
  readonly truePositives: Float64Array
  readonly falsePositives: Float64Array
}

/** Rows with equal scores fall together, so the order of rows never matters. */
export function thresholdCounts(
  isPositive: Uint8Array,
  scores: Values,
  weights: Values | undefined,
): ThresholdCounts {
  const order = sortedOrder(scores)
  const out = new Collected(order.length)
  let tp = 0
  let fp = 0
  // A threshold at which every row weighs nothing is none.
  let counts = false
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at]
    const w = weights === undefined ? 1 : weights[row]
    if (isPositive[row] === 1) tp += w
    else fp += w
    if (w !== 0) counts = true
    if (at > 0 && scores[order[at - 1]] === scores[row]) continue
    if (counts) out.push(scores[row], tp, fp)
    counts = false
  }
  return out.finish()
}

class Collected {
  private readonly thresholds: Float64Array
  private readonly truePositives: Float64Array
  private readonly falsePositives: Float64Array
  private size = 0

  constructor(limit: number) {
    this.thresholds = new Float64Array(limit)
    this.truePositives = new Float64Array(limit)
    this.falsePositives = new Float64Array(limit)
  }

  push(threshold: number, truePositives: number, falsePositives: number): void {
    this.thresholds[this.size] = threshold
    this.truePositives[this.size] = truePositives
    this.falsePositives[this.size++] = falsePositives
  }

  /** Views where most of the room was used, so that millions of rows are not there twice. */
  finish(): ThresholdCounts {
    const { size } = this
    const used = (values: Float64Array) =>
      size > values.length / 2 ? values.subarray(0, size) : values.slice(0, size)
    return {
      thresholds: used(this.thresholds),
      truePositives: used(this.truePositives),
      falsePositives: used(this.falsePositives),
    }
  }
}
