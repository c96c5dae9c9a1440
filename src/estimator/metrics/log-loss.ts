// Logarithmic loss: minus the mean log of the probability given to the true class (nats).

import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { type ClassScores, totalWeight, type Values } from './input.js'
import { meanOf } from './means.js'
import {
  checkProbabilities,
  ofTrueClass,
  type ProbabilityOptions,
  probabilityOptions,
} from './probabilities.js'

/** Options of `logLoss`. */
export interface LogLossOptions extends ProbabilityOptions {
  /** The mean over rows (default), or with false the sum. */
  readonly normalize?: boolean
}

const logLossOptions = new OptionTable<LogLossOptions>({
  ...probabilityOptions.rows,
  normalize: trueOrFalse,
})

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
 * logLoss(['dog', 'cat'], [[0.1, 0.9], [0.9, 0.1]], { labels: ['cat', 'dog'] }) // 0.105…
 * ```
 */
export function logLoss(
  yTrue: Labels,
  yProbability: ClassScores,
  options: LogLossOptions = {},
): number {
  const { normalize = true, ...others } = logLossOptions.check('logLoss', options)
  const given = checkProbabilities('logLoss', yTrue, yProbability, others)
  const mean = meanLoss(ofTrueClass(given), given.epsilon, others.sampleWeight)
  return normalize ? mean : mean * totalWeight(given.rows, others.sampleWeight)
}

/** Mean of −ln of probabilities that are clipped to [ε, 1 − ε]; they are replaced by it. */
export function meanLoss(
  probabilities: Float64Array,
  epsilon: number,
  weights: Values | undefined,
): number {
  for (let i = 0; i < probabilities.length; i++)
    probabilities[i] = -Math.log(Math.min(1 - epsilon, Math.max(epsilon, probabilities[i])))
  return meanOf(probabilities, weights)
}
