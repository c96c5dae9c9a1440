// The probability from which the positive class is predicted, chosen to make a metric greatest.

import type { ClassAnswers } from './evaluation.js'
import type { TrainSettings } from './train-options.js'

interface Counts {
  readonly tp: number
  readonly fp: number
  readonly positives: number
  readonly negatives: number
}

const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b)

const metrics: Readonly<Record<NonNullable<TrainSettings['maximize']>, (c: Counts) => number>> = {
  accuracy: ({ tp, fp, positives, negatives }) => ratio(tp + negatives - fp, positives + negatives),
  balancedAccuracy: ({ tp, fp, positives, negatives }) =>
    (ratio(tp, positives) + 1 - ratio(fp, negatives)) / 2,
  f1: ({ tp, fp, positives }) => ratio(2 * tp, tp + fp + positives),
  precision: ({ tp, fp }) => ratio(tp, tp + fp),
  recall: ({ tp, positives }) => ratio(tp, positives),
}

/**
 * The best threshold over the distinct probabilities; of equally good ones that nearest to one half.
 * It lies halfway to the next lower probability, so that rounding does not move a row across.
 */
export function bestThreshold(
  answers: ClassAnswers,
  metric: NonNullable<TrainSettings['maximize']>,
): number {
  const { truth, probabilities, classes } = answers
  const order = Array.from(truth.keys()).sort(
    (a, b) => probabilities[b * classes + 1] - probabilities[a * classes + 1],
  )
  const positives = truth.reduce((sum, y) => sum + (y === 1 ? 1 : 0), 0)
  const negatives = truth.length - positives
  let best = { value: Number.NEGATIVE_INFINITY, threshold: 0.5 }
  let tp = 0
  let fp = 0
  for (let i = 0; i < order.length; i++) {
    if (truth[order[i]] === 1) tp++
    else fp++
    const here = probabilities[order[i] * classes + 1]
    const next = i + 1 < order.length ? probabilities[order[i + 1] * classes + 1] : 0
    if (next === here && i + 1 < order.length) continue
    const value = metrics[metric]({ tp, fp, positives, negatives })
    const threshold = (here + next) / 2
    const nearer = Math.abs(threshold - 0.5) < Math.abs(best.threshold - 0.5)
    if (value > best.value || (value === best.value && nearer)) best = { value, threshold }
  }
  return best.threshold
}
