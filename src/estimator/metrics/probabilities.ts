// Probabilities as metrics take them: one column (of the positive class) or one a class, checked, with
// the column of each row's true class.

import { AthanorError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { type ClassScores, checkScores, classColumns, positiveRows, type Values } from './input.js'
import { labelList } from './labels.js'
import { type BinaryScoreOptions, binaryScoreOptions } from './roc-curve.js'

/** Options of metrics over probabilities. */
export interface ProbabilityOptions extends BinaryScoreOptions {
  /**
   * The class of each column. Without it columns are 0, 1, 2, … or, where yTrue holds other labels and
   * every class occurs in it, those ascending.
   */
  readonly labels?: readonly Label[]
}

export const probabilityOptions = new OptionTable<ProbabilityOptions>({
  ...binaryScoreOptions.rows,
  labels: labelList,
})

export interface Probabilities {
  readonly rows: number
  /** Two or more. */
  readonly classes: number
  /** The place of each row's class; of two classes 1 is the positive one. */
  readonly truth: Int32Array | Uint8Array
  /** Row-major `rows × columns`; a single column is that of class 1. */
  readonly values: Values
  readonly columns: number
  /** The machine epsilon of the numbers given. */
  readonly epsilon: number
}

/**
 * Checks probabilities: between 0 and 1, each row summing to 1 (to 1e-3).
 *
 * @throws AthanorError DATA for numbers that are no probabilities, and as `checkScores` does.
 */
export function checkProbabilities(
  operation: string,
  yTrue: Labels,
  yProbability: ClassScores,
  { positive, labels, sampleWeight }: ProbabilityOptions,
): Probabilities {
  const table = checkScores(operation, yTrue, yProbability, sampleWeight, 'yProbability')
  const { rows, classes, values } = table
  requireProbabilities(operation, values, classes)
  const epsilon = values instanceof Float32Array ? 2 ** -23 : 2 ** -52
  const truth =
    classes > 2
      ? classColumns(operation, yTrue, table, labels)
      : positiveRows(operation, yTrue, table.kind, positive, labels)
  return { rows, classes: Math.max(2, classes), truth, values, columns: classes, epsilon }
}

/** The probability that each row gives to its true class. */
export function ofTrueClass({ rows, columns, truth, values }: Probabilities): Float64Array {
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++)
    out[i] =
      columns > 1 ? values[i * columns + truth[i]] : truth[i] === 1 ? values[i] : 1 - values[i]
  return out
}

function requireProbabilities(operation: string, values: Values, classes: number): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0 || values[i] > 1)
      throw new AthanorError('DATA', {
        operation,
        expected: 'probabilities between 0 and 1',
        received: `${values[i]} at row ${Math.floor(i / classes)}`,
        fix: 'Apply softmax or sigmoid to logits first',
      })
  }
  if (classes === 1) return
  for (let row = 0; row * classes < values.length; row++) {
    let sum = 0
    for (let c = 0; c < classes; c++) sum += values[row * classes + c]
    if (Math.abs(sum - 1) > 1e-3)
      throw new AthanorError('DATA', {
        operation,
        expected: 'probabilities that sum to 1 in each row',
        received: `${sum} at row ${row}`,
      })
  }
}
