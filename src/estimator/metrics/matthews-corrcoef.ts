// Matthews' correlation coefficient for any number of classes (Gorodkin 2004, "Comparing two
// K-category assignments by a K-category correlation coefficient").

import type { Labels } from '../../base/label.js'
import { countClasses } from './class-counts.js'
import { encodePair, type Weighted, weighted } from './input.js'

/**
 * The correlation between truth and prediction: 1 is perfect, 0 no better than chance (or one class
 * alone in either), −1 (two classes) always wrong. Fair where classes are of very unequal size.
 * As scikit-learn's `matthews_corrcoef`.
 *
 * @example
 * ```ts
 * matthewsCorrcoef([1, 1, 1, -1], [1, -1, 1, 1]) // -0.333…
 * ```
 */
export function matthewsCorrcoef(yTrue: Labels, yPred: Labels, options: Weighted = {}): number {
  const { sampleWeight } = weighted.check('matthewsCorrcoef', options)
  const pair = encodePair('matthewsCorrcoef', yTrue, yPred, sampleWeight)
  const { right, predicted, actual } = countClasses(pair, sampleWeight)
  let rights = 0
  let total = 0
  let both = 0
  let ofPredicted = 0
  let ofActual = 0
  for (let c = 0; c < right.length; c++) {
    rights += right[c]
    total += predicted[c]
    both += actual[c] * predicted[c]
    ofPredicted += predicted[c] * predicted[c]
    ofActual += actual[c] * actual[c]
  }
  const spread = (total * total - ofPredicted) * (total * total - ofActual)
  return spread === 0 ? 0 : (rights * total - both) / Math.sqrt(spread)
}
