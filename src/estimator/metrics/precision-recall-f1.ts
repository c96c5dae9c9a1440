// Precision, recall and F1 from the counts of each class.

import type { Label, Labels } from '../../base/label.js'
import {
  averaged,
  type ClassMetricOptions,
  classMetricOptions,
  countClasses,
  type Formula,
  perClassOptions,
  ratios,
} from './class-counts.js'
import { encodePair } from './input.js'

/** Precision, recall, F1 and support of each class. */
export interface ClassMetrics {
  readonly labels: readonly Label[]
  readonly precision: readonly number[]
  readonly recall: readonly number[]
  readonly f1: readonly number[]
  /** Rows (or weight) of each true class. */
  readonly support: readonly number[]
}

/** The metrics of one class as quotients. */
export const formulas: Readonly<Record<'precision' | 'recall' | 'f1', Formula>> = {
  precision: c => [c.right, c.predicted],
  recall: c => [c.right, c.actual],
  f1: c => [2 * c.right, c.predicted + c.actual],
}

/**
 * Of the rows predicted as a class, the share that belongs to it.
 * As scikit-learn's `precision_score`.
 *
 * @example
 * ```ts
 * precision([0, 1, 1, 0], [1, 1, 1, 0]) // 0.666…
 * ```
 */
export function precision(yTrue: Labels, yPred: Labels, options: ClassMetricOptions = {}): number {
  classMetricOptions.check('precision', options)
  return averaged('precision', formulas.precision, yTrue, yPred, options)
}

/**
 * Of the rows that belong to a class, the share predicted as it. As scikit-learn's `recall_score`.
 *
 * @example
 * ```ts
 * recall(['spam', 'ham', 'spam'], ['spam', 'ham', 'ham'], { positive: 'spam' }) // 0.5
 * ```
 */
export function recall(yTrue: Labels, yPred: Labels, options: ClassMetricOptions = {}): number {
  classMetricOptions.check('recall', options)
  return averaged('recall', formulas.recall, yTrue, yPred, options)
}

/**
 * The harmonic mean of precision and recall, `2·right ÷ (predicted + actual)`.
 * As scikit-learn's `f1_score`.
 *
 * @example
 * ```ts
 * f1([0, 1, 2, 2], [0, 2, 2, 2], { average: 'macro' }) // 0.6
 * ```
 */
export function f1(yTrue: Labels, yPred: Labels, options: ClassMetricOptions = {}): number {
  classMetricOptions.check('f1', options)
  return averaged('f1', formulas.f1, yTrue, yPred, options)
}

/**
 * Precision, recall, F1 and support of every class, in the order of `labels`.
 * As scikit-learn's `precision_recall_fscore_support`.
 *
 * @example
 * ```ts
 * metricsPerClass([0, 1, 1], [0, 1, 0]).recall // [1, 0.5]
 * ```
 */
export function metricsPerClass(
  yTrue: Labels,
  yPred: Labels,
  options: Omit<ClassMetricOptions, 'average' | 'positive'> = {},
): ClassMetrics {
  const { sampleWeight, zeroDivision = 0 } = perClassOptions.check('metricsPerClass', options)
  const pair = encodePair('metricsPerClass', yTrue, yPred, sampleWeight, options.labels)
  const counts = countClasses(pair, sampleWeight)
  const column = (formula: Formula) => ratios(formula, counts, zeroDivision)
  return {
    labels: [...pair.labels],
    precision: column(formulas.precision),
    recall: column(formulas.recall),
    f1: column(formulas.f1),
    support: Array.from(counts.actual),
  }
}
