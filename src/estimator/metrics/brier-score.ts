// The mean squared error of probabilities (Brier 1950).

import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import type { ClassScores } from './input.js'
import { meanOf } from './means.js'
import {
  checkProbabilities,
  type Probabilities,
  type ProbabilityOptions,
  probabilityOptions,
} from './probabilities.js'

/** Options of `brierScore`. */
export interface BrierScoreOptions extends ProbabilityOptions {
  /** Halve the sum over classes, so that the result is at most 1. Default: for two classes. */
  readonly scaleByHalf?: boolean
}

const brierScoreOptions = new OptionTable<BrierScoreOptions>({
  ...probabilityOptions.rows,
  scaleByHalf: trueOrFalse,
})

/**
 * Mean squared difference between the probabilities and what happened, summed over classes (halved for
 * two): 0 is perfect, lower is better. As scikit-learn's `brier_score_loss`.
 *
 * @example
 * ```ts
 * brierScore([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) // 0.0375
 * ```
 */
export function brierScore(
  yTrue: Labels,
  yProbability: ClassScores,
  options: BrierScoreOptions = {},
): number {
  const { scaleByHalf, ...others } = brierScoreOptions.check('brierScore', options)
  const probabilities = checkProbabilities('brierScore', yTrue, yProbability, others)
  const sum = meanOf(squaredErrors(probabilities), others.sampleWeight)
  return (scaleByHalf ?? probabilities.classes === 2) ? sum / 2 : sum
}

/** Of each row: Σ over classes of (1 for the true one, else 0, minus the probability)². */
export function squaredErrors(given: Omit<Probabilities, 'epsilon' | 'classes'>): Float64Array {
  const { rows, columns, truth, values } = given
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    if (columns === 1) out[i] = 2 * (truth[i] - values[i]) * (truth[i] - values[i])
    else
      for (let c = 0; c < columns; c++) {
        const error = (truth[i] === c ? 1 : 0) - values[i * columns + c]
        out[i] += error * error
      }
  }
  return out
}
