// How many rows of each true class were predicted as each class.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { listOf, numberIn, oneOf } from '../../base/value-kinds.js'
import { checkPair, distinctLabels, type Values, type Weighted, weighted } from './input.js'

/** Counts by true class (rows) and predicted class (columns). */
export interface ConfusionMatrix {
  /** The label of each row and column. */
  readonly labels: readonly number[]
  /** `matrix[i][j]`: rows of true class `labels[i]` predicted as `labels[j]`. */
  readonly matrix: readonly (readonly number[])[]
}

/** Options of `confusionMatrix`. */
export interface ConfusionMatrixOptions extends Weighted {
  /** The classes and their order; by default every label seen, ascending. Other rows are left out. */
  readonly labels?: readonly number[]
  /** Divide by the row's sum (`true`), the column's (`pred`) or the whole (`all`); empty sums give 0. */
  readonly normalize?: 'true' | 'pred' | 'all'
}

const confusionMatrixOptions = new OptionTable<ConfusionMatrixOptions>({
  ...weighted.rows,
  labels: listOf(numberIn()),
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
  yTrue: Values,
  yPred: Values,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  confusionMatrixOptions.check('confusionMatrix', options)
  const { sampleWeight, normalize } = options
  const rows = checkPair('confusionMatrix', yTrue, yPred, sampleWeight)
  const labels = options.labels ?? distinctLabels(yTrue, yPred)
  const place = new Map(labels.map((label, i) => [label, i]))
  if (place.size !== labels.length || labels.length === 0)
    throw argumentError('confusionMatrix', 'each label once', `[${labels.join(', ')}]`)
  const size = labels.length
  const counts = new Float64Array(size * size)
  let known = false
  for (let i = 0; i < rows; i++) {
    const t = place.get(yTrue[i])
    if (t === undefined) continue
    known = true
    const p = place.get(yPred[i])
    if (p !== undefined) counts[t * size + p] += sampleWeight === undefined ? 1 : sampleWeight[i]
  }
  if (!known)
    throw argumentError('confusionMatrix', 'at least one of the labels in yTrue', 'none of them')
  if (normalize !== undefined) divide(counts, size, normalize)
  const matrix = labels.map((_, i) => Array.from(counts.subarray(i * size, (i + 1) * size)))
  return { labels: [...labels], matrix }
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
