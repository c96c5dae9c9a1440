// Logarithmic loss: minus the mean log of the probability given to the true class (nats).

import { AthanorError } from '../../base/errors.js'
import {
  type ClassScores,
  checkScores,
  requireBinary,
  requireClassIds,
  type Values,
  weightedMean,
} from './input.js'
import { type BinaryScoreOptions, binaryScoreOptions } from './roc-curve.js'

/**
 * Mean −ln p(true class), in nats. `yProbability` holds the positive class's probability, or one
 * column a class; each between 0 and 1, each row summing to 1 (to 1e-3).
 *
 * Probabilities are clipped to [ε, 1 − ε] with the machine epsilon of float64, or of float32 for a
 * Float32Array, so that a certain mistake costs 36 (or 16) and not infinity.
 * As scikit-learn's `log_loss`.
 *
 * @example
 * ```ts
 * logLoss([1, 0], [0.9, 0.1]) // 0.105…
 * ```
 */
export function logLoss(
  yTrue: Values,
  yProbability: ClassScores,
  options: BinaryScoreOptions = {},
): number {
  binaryScoreOptions.check('logLoss', options)
  const { positive = 1, sampleWeight } = options
  const { rows, classes, values } = checkScores('logLoss', yTrue, yProbability, sampleWeight)
  requireProbabilities(values, classes)
  const epsilon = values instanceof Float32Array ? 2 ** -23 : 2 ** -52
  const loss = (p: number) => -Math.log(Math.min(1 - epsilon, Math.max(epsilon, p)))
  if (classes > 2) {
    requireClassIds('logLoss', yTrue, classes)
    return weightedMean(rows, i => loss(values[i * classes + yTrue[i]]), sampleWeight)
  }
  requireBinary('logLoss', yTrue, positive)
  const probability =
    classes === 1
      ? (i: number) => (yTrue[i] === positive ? values[i] : 1 - values[i])
      : (i: number) => values[2 * i + (yTrue[i] === positive ? 1 : 0)]
  return weightedMean(rows, i => loss(probability(i)), sampleWeight)
}

function requireProbabilities(values: Values, classes: number): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0 || values[i] > 1)
      throw new AthanorError('DATA', {
        operation: 'logLoss',
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
        operation: 'logLoss',
        expected: 'probabilities that sum to 1 in each row',
        received: `${sum} at row ${row}`,
      })
  }
}
