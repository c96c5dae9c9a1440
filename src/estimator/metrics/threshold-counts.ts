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
  return weights === undefined
    ? countUnweighted(rows, isPositive, score)
    : countWeighted(rows, isPositive, score, weights)
}

/** Positives and negatives sorted apart, as plain numbers (much faster than sorting rows), then merged. */
function countUnweighted(
  rows: number,
  isPositive: (row: number) => boolean,
  score: (row: number) => number,
): ThresholdCounts {
  let count = 0
  for (let i = 0; i < rows; i++) if (isPositive(i)) count++
  const positives = new Float64Array(count)
  const negatives = new Float64Array(rows - count)
  let p = 0
  let n = 0
  for (let i = 0; i < rows; i++) {
    if (isPositive(i)) positives[p++] = score(i)
    else negatives[n++] = score(i)
  }
  positives.sort()
  negatives.sort()
  const all = { tp: p, fp: n }
  const out = new Collected(rows)
  while (p > 0 || n > 0) {
    const top = Math.max(p > 0 ? positives[p - 1] : -Infinity, n > 0 ? negatives[n - 1] : -Infinity)
    while (p > 0 && positives[p - 1] === top) p--
    while (n > 0 && negatives[n - 1] === top) n--
    out.push(top, all.tp - p, all.fp - n)
  }
  return out.finish()
}

function countWeighted(
  rows: number,
  isPositive: (row: number) => boolean,
  score: (row: number) => number,
  weights: Values,
): ThresholdCounts {
  const scores = new Float64Array(rows).map((_, i) => score(i))
  const order = new Uint32Array(rows).map((_, i) => i).filter(i => weights[i] !== 0)
  order.sort((a, b) => scores[b] - scores[a])
  const out = new Collected(order.length)
  let tp = 0
  let fp = 0
  for (let at = 0; at < order.length; at++) {
    const row = order[at]
    if (isPositive(row)) tp += weights[row]
    else fp += weights[row]
    if (at + 1 === order.length || scores[order[at + 1]] !== scores[row])
      out.push(scores[row], tp, fp)
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
