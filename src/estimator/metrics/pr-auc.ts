// Average precision: the area under the precision-recall curve as a step function, Σ (Rᵢ − Rᵢ₋₁)·Pᵢ
// (no interpolation, which would be too kind: Davis & Goadrich 2006).

import {
  type ClassScores,
  checkScores,
  requireBinary,
  requireClassIds,
  type Values,
} from './input.js'
import { precisionRecallPoints } from './precision-recall-curve.js'
import { type BinaryScoreOptions, binaryScoreOptions } from './roc-curve.js'

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
export function prAuc(
  yTrue: Values,
  yScore: ClassScores,
  options: BinaryScoreOptions = {},
): number {
  binaryScoreOptions.check('prAuc', options)
  const { positive = 1, sampleWeight } = options
  const { rows, classes, values } = checkScores('prAuc', yTrue, yScore, sampleWeight)
  const area = (isPositive: (row: number) => boolean, c: number) =>
    stepArea(precisionRecallPoints(rows, isPositive, i => values[i * classes + c], sampleWeight))
  if (classes <= 2) {
    requireBinary('prAuc', yTrue, positive)
    return area(i => yTrue[i] === positive, classes - 1)
  }
  requireClassIds('prAuc', yTrue, classes)
  const present = [...new Set(Array.from(yTrue))]
  let sum = 0
  for (const c of present) sum += area(i => yTrue[i] === c, c)
  return sum / present.length
}

function stepArea(curve: { precision: Float64Array; recall: Float64Array }): number {
  let sum = 0
  for (let i = 0; i + 1 < curve.recall.length; i++)
    sum += (curve.recall[i] - curve.recall[i + 1]) * curve.precision[i]
  return Math.max(0, sum)
}
