// Average precision: the area under the precision-recall curve as a step function, Σ (Rᵢ − Rᵢ₋₁)·Pᵢ
// (no interpolation, which would be too kind: Davis & Goadrich 2006).

import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import { type ClassScores, checkScores, classColumns, positiveRows, scoreColumn } from './input.js'
import { labelList } from './labels.js'
import { precisionRecallPoints } from './precision-recall-curve.js'
import { type BinaryScoreOptions, binaryScoreOptions } from './roc-curve.js'
import { thresholdCounts } from './threshold-counts.js'

/** Options of `prAuc`. */
export interface PrAucOptions extends BinaryScoreOptions {
  /** Several classes: the plain mean (default) or the mean weighted by each class's rows. */
  readonly average?: 'macro' | 'weighted'
  /** The class of each column of scores; see `logLoss`. */
  readonly labels?: readonly Label[]
}

const prAucOptions = new OptionTable<PrAucOptions>({
  ...binaryScoreOptions.rows,
  average: oneOf(['macro', 'weighted']),
  labels: labelList,
})

/**
 * Average precision; chance gives the share of positive rows. `yScore` holds one score a row or one
 * column a class (more than two: the mean of each against the rest, over the classes that occur).
 * Without a positive row it is 0. As scikit-learn's `average_precision_score`.
 *
 * @example
 * ```ts
 * prAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.833…
 * ```
 */
export function prAuc(yTrue: Labels, yScore: ClassScores, options: PrAucOptions = {}): number {
  const { positive, sampleWeight, labels, average } = prAucOptions.check('prAuc', options)
  const table = checkScores('prAuc', yTrue, yScore, sampleWeight)
  const area = (isPositive: Uint8Array, c: number) => {
    const counts = thresholdCounts(isPositive, scoreColumn(table, c), sampleWeight)
    return {
      area: stepArea(precisionRecallPoints(counts)),
      positives: counts.truePositives[counts.truePositives.length - 1],
    }
  }
  if (table.classes <= 2) {
    const isPositive = positiveRows('prAuc', yTrue, table.kind, positive, labels)
    return area(isPositive, table.classes - 1).area
  }
  const truth = classColumns('prAuc', yTrue, table, labels)
  const present = [...new Set(truth)]
  let sum = 0
  let total = 0
  for (const c of present) {
    const one = area(
      Uint8Array.from(truth, t => (t === c ? 1 : 0)),
      c,
    )
    const weight = average === 'weighted' ? one.positives : 1
    sum += weight * one.area
    total += weight
  }
  return sum / total
}

function stepArea(curve: { precision: Float64Array; recall: Float64Array }): number {
  let sum = 0
  for (let i = 0; i + 1 < curve.recall.length; i++)
    sum += (curve.recall[i] - curve.recall[i + 1]) * curve.precision[i]
  return Math.max(0, sum)
}
