// The mean of each class's recall: accuracy as if all classes were equally frequent.

import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { countClasses } from './class-counts.js'
import { encodePair, type Weighted, weighted } from './input.js'

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
  yTrue: Labels,
  yPred: Labels,
  options: BalancedAccuracyOptions = {},
): number {
  balancedAccuracyOptions.check('balancedAccuracy', options)
  const { sampleWeight, adjusted = false } = options
  const pair = encodePair('balancedAccuracy', yTrue, yPred, sampleWeight)
  const { right, actual } = countClasses(pair, sampleWeight)
  let sum = 0
  let classes = 0
  for (let c = 0; c < actual.length; c++) {
    if (actual[c] === 0) continue
    sum += right[c] / actual[c]
    classes++
  }
  const score = sum / classes
  return adjusted ? (score - 1 / classes) / (1 - 1 / classes) : score
}
