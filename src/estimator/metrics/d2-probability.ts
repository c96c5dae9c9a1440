// How much of the loss of the classes' plain shares probabilities save: 1 − loss ÷ loss of the shares.
// With the log loss this is McFadden's R² (McFadden 1974).

import type { Labels } from '../../base/label.js'
import { squaredErrors } from './brier-score.js'
import { type ClassScores, type Values, weightedMean } from './input.js'
import { lossOf } from './log-loss.js'
import {
  checkProbabilities,
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
  const { rows, truth, epsilon } = given
  if (rows < 2) return Number.NaN
  const shares = sharesOf(given, sampleWeight)
  const loss = weightedMean(rows, i => lossOf(given.of(i, truth[i]), epsilon), sampleWeight)
  const least = weightedMean(rows, i => lossOf(shares[truth[i]], epsilon), sampleWeight)
  return 1 - loss / least
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
  const { rows, classes, truth } = given
  if (rows < 2) return Number.NaN
  const shares = sharesOf(given, sampleWeight)
  const score = weightedMean(rows, squaredErrors(given), sampleWeight)
  const constant = { classes, truth, of: (_: number, c: number) => shares[c] }
  return 1 - score / weightedMean(rows, squaredErrors(constant), sampleWeight)
}

function sharesOf({ rows, classes, truth }: Probabilities, weights: Values | undefined) {
  const shares = new Float64Array(classes)
  let total = 0
  for (let i = 0; i < rows; i++) {
    const w = weights === undefined ? 1 : weights[i]
    shares[truth[i]] += w
    total += w
  }
  return shares.map(share => share / total)
}
