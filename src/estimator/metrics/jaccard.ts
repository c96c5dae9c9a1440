// The Jaccard index of each class: rows in both the class and its prediction ÷ rows in either
// (Jaccard 1901), "intersection over union".

import type { Labels } from '../../base/label.js'
import {
  averaged,
  type ClassMetricOptions,
  classMetricOptions,
  type Formula,
} from './class-counts.js'

const jaccardFormula: Formula = c => [c.right, c.predicted + c.actual - c.right]

/**
 * `right ÷ (predicted + actual − right)`, of the class `positive` or averaged over classes.
 * As scikit-learn's `jaccard_score`.
 *
 * @example
 * ```ts
 * jaccard([0, 1, 1, 1], [1, 1, 0, 1]) // 0.5
 * jaccard(['a', 'b', 'c'], ['a', 'b', 'b'], { average: 'macro' }) // 0.5
 * ```
 */
export function jaccard(yTrue: Labels, yPred: Labels, options: ClassMetricOptions = {}): number {
  classMetricOptions.check('jaccard', options)
  return averaged('jaccard', jaccardFormula, yTrue, yPred, options)
}
