// How much of the loss of the classes' plain shares probabilities save: 1 − loss ÷ loss of the shares.
// With the log loss this is McFadden's R² (McFadden 1974).

import type { Labels } from '../../base/label.js'
import { squaredErrors } from './brier-score.js'
import type { ClassScores, Values } from './input.js'
import { meanLoss } from './log-loss.js'
import { meanOf } from './means.js'
import {
  checkProbabilities,
  ofTrueClass,
  type Probabilities,
  type ProbabilityOptions,
  probabilityOptions,
} from './probabilities.js'

/**
 * 1 − log loss ÷ log loss of predicting the classes' shares: 1 is perfect, 0 what the shares give,
 * below 0 worse. Fewer than two rows give NaN. As scikit-learn's `d2_log_loss_score`.
 *
 * @example
 * ```ts
 * d2LogLoss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) // 0.713…
 * ```
 */
export function d2LogLoss(
  yTrue: Labels,
  yProbability: ClassScores,
  options: ProbabilityOptions = {},
): number {
  const { sampleWeight } = probabilityOptions.check('d2LogLoss', options)
  const given = checkProbabilities('d2LogLoss', yTrue, yProbability, options)
  if (given.rows < 2) return Number.NaN
  const loss = meanLoss(ofTrueClass(given), given.epsilon, sampleWeight)
  const constant = ofTrueClass(sharesOf(given, sampleWeight))
  return 1 - loss / meanLoss(constant, given.epsilon, sampleWeight)
}

/**
 * 1 − Brier score ÷ Brier score of predicting the classes' shares (the Brier skill score): 1 is perfect,
 * 0 what the shares give. Fewer than two rows give NaN. As scikit-learn's `d2_brier_score`.
 *
 * @example
 * ```ts
 * d2Brier([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) // 0.85
 * ```
 */
export function d2Brier(
  yTrue: Labels,
  yProbability: ClassScores,
  options: ProbabilityOptions = {},
): number {
  const { sampleWeight } = probabilityOptions.check('d2Brier', options)
  const given = checkProbabilities('d2Brier', yTrue, yProbability, options)
  if (given.rows < 2) return Number.NaN
  const score = meanOf(squaredErrors(given), sampleWeight)
  return 1 - score / meanOf(squaredErrors(sharesOf(given, sampleWeight)), sampleWeight)
}

/** The same rows with the classes' shares as probabilities. */
function sharesOf(given: Probabilities, weights: Values | undefined): Probabilities {
  const { rows, classes, truth } = given
  const shares = new Float64Array(classes)
  let total = 0
  for (let i = 0; i < rows; i++) {
    const w = weights === undefined ? 1 : weights[i]
    shares[truth[i]] += w
    total += w
  }
  const values = new Float64Array(rows * classes)
  for (let i = 0; i < values.length; i++) values[i] = shares[i % classes] / total
  return { ...given, values, columns: classes }
}
