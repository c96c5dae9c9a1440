// A model's answers on one part of the data, and the metrics they earn.

import { AthanorError } from '../base/errors.js'
import {
  accuracy,
  balancedAccuracy,
  f1,
  logLoss,
  meanAbsoluteError,
  prAuc,
  precision,
  r2,
  recall,
  rocAuc,
  rootMeanSquaredError,
} from '../estimator/metrics/index.js'
import type { MetricName, MetricValues } from './report/report-data.js'
import { chooseClasses } from './table-model.js'

/** Answers of a classifier: row-major `rows × classes`. */
export interface ClassAnswers {
  readonly task: 'classification'
  readonly classes: number
  readonly truth: Int32Array
  readonly probabilities: Float32Array | Float64Array
}

/** Answers of a regressor, in the target's own unit. */
export interface NumberAnswers {
  readonly task: 'regression'
  readonly truth: Float64Array
  readonly predicted: Float64Array
}

export type Answers = ClassAnswers | NumberAnswers

/**
 * Every metric that means something for these answers.
 * Errors: NOT_FINITE for answers that are not numbers, as of a net whose weights have grown too far.
 */
export function measure(answers: Answers, threshold?: number): MetricValues {
  requireFinite(answers.task === 'regression' ? answers.predicted : answers.probabilities)
  const values: Partial<Record<MetricName, number>> = {}
  const keep = (name: MetricName, value: () => number) => {
    const result = value()
    if (Number.isFinite(result)) values[name] = result
  }
  if (answers.task === 'regression') {
    const { truth, predicted, unit } = inUnits(answers)
    if (truth.length === 0) return values
    keep('r2', () => (truth.length < 2 ? Number.NaN : r2(truth, predicted)))
    keep('rmse', () => rootMeanSquaredError(truth, predicted) * unit)
    keep('mae', () => meanAbsoluteError(truth, predicted) * unit)
    return values
  }
  const { truth, probabilities, classes } = answers
  if (truth.length === 0) return values
  const predicted = chooseClasses(probabilities, classes, threshold)
  const scores = { truth, predicted }
  keep('accuracy', () => accuracy(scores.truth, scores.predicted))
  keep('balancedAccuracy', () => balancedAccuracy(truth, predicted))
  keep('auc', () => rocAuc(truth, wide(probabilities)))
  if (classes === 2) {
    keep('prAuc', () => prAuc(truth, wide(probabilities)))
    keep('f1', () => f1(truth, predicted, { average: 'macro', labels: [1] }))
    keep('precision', () => precision(truth, predicted, { average: 'macro', labels: [1] }))
    keep('recall', () => recall(truth, predicted, { average: 'macro', labels: [1] }))
  } else keep('f1', () => f1(truth, predicted, { average: 'macro' }))
  keep('logLoss', () => logLoss(truth, wide(probabilities)))
  return values
}

function requireFinite(predicted: ArrayLike<number>): void {
  for (let i = 0; i < predicted.length; i++)
    if (!Number.isFinite(predicted[i]))
      throw new AthanorError('NOT_FINITE', {
        operation: 'measuring the model',
        expected: 'finite predictions',
        received: String(predicted[i]),
        fix: 'Train with a smaller --learning-rate, and see whether inputs are many times larger than in training',
      })
}

/** Numbers whose squares would leave the range of numbers, divided by the largest. */
function inUnits({ truth, predicted }: NumberAnswers): NumberAnswers & { unit: number } {
  const unit = truth.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const plain = { task: 'regression', truth, predicted, unit: 1 } as const
  if (unit === 0 || (unit < 1e100 && unit > 1e-100)) return plain
  const divided = (values: Float64Array) => values.map(value => value / unit)
  return { ...plain, truth: divided(truth), predicted: divided(predicted), unit }
}

/** Row-major float64, which metrics cut into columns; clipping in the log loss depends on the type. */
function wide(probabilities: Float32Array | Float64Array): Float64Array {
  return probabilities instanceof Float64Array ? probabilities : Float64Array.from(probabilities)
}

export function column(values: ArrayLike<number>, classes: number, c: number): Float64Array {
  const result = new Float64Array(values.length / classes)
  for (let row = 0; row < result.length; row++) result[row] = values[row * classes + c]
  return result
}

/** The metric quoted first. */
export function headlineOf(
  task: Answers['task'],
  classes: number,
  imbalanced: boolean,
): MetricName {
  if (task === 'regression') return 'r2'
  return classes === 2 && imbalanced ? 'auc' : 'accuracy'
}
