// The mean of each class's recall: accuracy as if all classes were equally frequent.

import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { checkPair, distinctLabels, type Values, type Weighted, weighted } from './input.js'

interface BalancedAccuracyOptions extends Weighted {
  /** Scale so that chance is 0. Default: false. */
  readonly adjusted?: boolean
}

const balancedAccuracyOptions = new OptionTable<BalancedAccuracyOptions>({
  ...weighted.rows,
  adjusted: trueOrFalse,
})

/**
 * Mean recall over the classes that occur in `yTrue`, from 0 to 1. With `adjusted`, chance is 0
 * (NaN where there is one class only, which chance always gets right).
 * As scikit-learn's `balanced_accuracy_score`.
 *
 * @example
 * ```ts
 * balancedAccuracy([0, 0, 0, 1], [0, 0, 0, 0]) // 0.5
 * ```
 */
export function balancedAccuracy(
  yTrue: Values,
  yPred: Values,
  options: BalancedAccuracyOptions = {},
): number {
  balancedAccuracyOptions.check('balancedAccuracy', options)
  const { sampleWeight, adjusted = false } = options
  const rows = checkPair('balancedAccuracy', yTrue, yPred, sampleWeight)
  const place = new Map(distinctLabels(yTrue).map((label, i) => [label, i]))
  const right = new Float64Array(place.size)
  const all = new Float64Array(place.size)
  for (let i = 0; i < rows; i++) {
    const w = sampleWeight === undefined ? 1 : sampleWeight[i]
    const c = place.get(yTrue[i])!
    all[c] += w
    if (yTrue[i] === yPred[i]) right[c] += w
  }
  let sum = 0
  let classes = 0
  for (let c = 0; c < all.length; c++) {
    if (all[c] === 0) continue
    sum += right[c] / all[c]
    classes++
  }
  const score = sum / classes
  return adjusted ? (score - 1 / classes) / (1 - 1 / classes) : score
}
