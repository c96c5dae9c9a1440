// How many rows of each true class were predicted as each class.

import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import { countClasses } from './class-counts.js'
import { encodePair, totalWeight, type Weighted, weighted } from './input.js'
import { labelList } from './labels.js'

/** Counts by true class (rows) and predicted class (columns). */
export interface ConfusionMatrix {
  /** The label of each row and column. */
  readonly labels: readonly Label[]
  /** `matrix[i][j]`: rows of true class `labels[i]` predicted as `labels[j]`. */
  readonly matrix: readonly (readonly number[])[]
}

/** Options of `confusionMatrix`. */
export interface ConfusionMatrixOptions extends Weighted {
  /** The classes and their order; by default every label seen, ascending. Other rows are left out. */
  readonly labels?: readonly Label[]
  /** Divide by the row's sum (`true`), the column's (`pred`) or the whole (`all`); empty sums give 0. */
  readonly normalize?: 'true' | 'pred' | 'all'
}

const confusionMatrixOptions = new OptionTable<ConfusionMatrixOptions>({
  ...weighted.rows,
  labels: labelList,
  normalize: oneOf(['true', 'pred', 'all']),
})

/**
 * The confusion matrix: true classes down, predicted classes across.
 * As scikit-learn's `confusion_matrix`.
 *
 * @example
 * ```ts
 * confusionMatrix([0, 0, 1], [0, 1, 1]).matrix // [[1, 1], [0, 1]]
 * ```
 */
export function confusionMatrix(
  yTrue: Labels,
  yPred: Labels,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  const { sampleWeight, normalize } = confusionMatrixOptions.check('confusionMatrix', options)
  const pair = encodePair('confusionMatrix', yTrue, yPred, sampleWeight, options.labels)
  const { labels, truth, predicted, rows } = pair
  const size = labels.length
  if (size > mostClasses)
    throw argumentError(
      'confusionMatrix',
      `at most ${mostClasses} classes`,
      `${size}`,
      'Name those to show with labels',
    )
  const counts = new Float64Array(size * size)
  let known = false
  for (let i = 0; i < rows; i++) {
    if (truth[i] < 0) continue
    known = true
    if (predicted[i] >= 0)
      counts[truth[i] * size + predicted[i]] += sampleWeight === undefined ? 1 : sampleWeight[i]
  }
  if (!known)
    throw argumentError('confusionMatrix', 'at least one of the labels in yTrue', 'none of them')
  if (normalize !== undefined) divide(counts, size, normalize)
  const matrix = labels.map((_, i) => Array.from(counts.subarray(i * size, (i + 1) * size)))
  return { labels: [...labels], matrix }
}

/** A matrix of more would not fit a picture, and soon not the memory. */
const mostClasses = 10_000

/** Options of `multilabelConfusionMatrix`. */
export type ClassConfusionOptions = Omit<ConfusionMatrixOptions, 'normalize'>

const { normalize: _, ...classConfusionRows } = confusionMatrixOptions.rows
const classConfusionOptions = new OptionTable<ClassConfusionOptions>(classConfusionRows)

/**
 * For each class, in the order of `labels`, the confusion matrix of it against the rest:
 * `[[true negatives, false positives], [false negatives, true positives]]`.
 * As scikit-learn's `multilabel_confusion_matrix` of one label a row.
 *
 * @example
 * ```ts
 * multilabelConfusionMatrix([0, 1, 2, 2], [0, 1, 1, 2])[1] // [[2, 1], [0, 1]]
 * ```
 */
export function multilabelConfusionMatrix(
  yTrue: Labels,
  yPred: Labels,
  options: ClassConfusionOptions = {},
): number[][][] {
  const operation = 'multilabelConfusionMatrix'
  const { sampleWeight, labels } = classConfusionOptions.check(operation, options)
  const pair = encodePair(operation, yTrue, yPred, sampleWeight, labels)
  const { right, predicted, actual } = countClasses(pair, sampleWeight)
  const total = totalWeight(pair.rows, sampleWeight)
  return Array.from(right, (tp, c) => {
    const fp = predicted[c] - tp
    const fn = actual[c] - tp
    return [
      [total - tp - fp - fn, fp],
      [fn, tp],
    ]
  })
}

function divide(counts: Float64Array, size: number, by: 'true' | 'pred' | 'all'): void {
  const group: Record<typeof by, (row: number, column: number) => number> = {
    true: row => row,
    pred: (_, column) => column,
    all: () => 0,
  }
  const of = group[by]
  const sums = new Float64Array(size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) sums[of(i, j)] += counts[i * size + j]
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const sum = sums[of(i, j)]
      counts[i * size + j] = sum === 0 ? 0 : counts[i * size + j] / sum
    }
}
