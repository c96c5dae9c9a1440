// The loss of quantiles (Koenker & Bassett 1978) and how much of it predictions save.

import { OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import { explained } from './explained.js'
import { checkPair, type Values, type Weighted, weighted } from './input.js'
import { differences, meanOf } from './means.js'
import { weightedQuantile } from './weighted-quantile.js'

/** Options of `meanPinballLoss` and `d2Pinball`. */
export interface PinballOptions extends Weighted {
  /** The quantile predicted, from 0 to 1. Default: 0.5, the median. */
  readonly alpha?: number
}

const pinballOptions = new OptionTable<PinballOptions>({
  ...weighted.rows,
  alpha: numberIn({ min: 0, max: 1 }),
})

/** The mean loss of truth − prediction. */
function pinball(missing: Float64Array, alpha: number, weights: Values | undefined): number {
  for (let i = 0; i < missing.length; i++) missing[i] *= missing[i] >= 0 ? alpha : alpha - 1
  return meanOf(missing, weights)
}

/**
 * Mean of `alpha` × what a prediction lacks, or (1 − `alpha`) × what it has too much: least where it is
 * the quantile `alpha`; half the mean absolute error at 0.5. As scikit-learn's `mean_pinball_loss`.
 *
 * @example
 * ```ts
 * meanPinballLoss([1, 2, 3], [0, 2, 3], { alpha: 0.9 }) // 0.3
 * ```
 */
export function meanPinballLoss(
  yTrue: Values,
  yPred: Values,
  options: PinballOptions = {},
): number {
  const { sampleWeight, alpha = 0.5 } = pinballOptions.check('meanPinballLoss', options)
  checkPair('meanPinballLoss', yTrue, yPred, sampleWeight)
  return pinball(differences(yPred, yTrue), alpha, sampleWeight)
}

/**
 * 1 − pinball loss ÷ that of the target's own quantile: 1 is perfect, 0 no better than the constant.
 * Fewer than two rows give NaN. As scikit-learn's `d2_pinball_score`.
 *
 * @example
 * ```ts
 * d2Pinball([1, 2, 3], [1, 3, 3]) // 0.5
 * ```
 */
export function d2Pinball(yTrue: Values, yPred: Values, options: PinballOptions = {}): number {
  const { sampleWeight, alpha = 0.5 } = pinballOptions.check('d2Pinball', options)
  return savedPinball('d2Pinball', yTrue, yPred, alpha, sampleWeight)
}

/**
 * 1 − mean absolute error ÷ that of the target's median: the R² of absolute errors.
 * Fewer than two rows give NaN. As scikit-learn's `d2_absolute_error_score`.
 *
 * @example
 * ```ts
 * d2AbsoluteError([1, 2, 3], [1, 2, 4]) // 0.5
 * ```
 */
export function d2AbsoluteError(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  const { sampleWeight } = weighted.check('d2AbsoluteError', options)
  return savedPinball('d2AbsoluteError', yTrue, yPred, 0.5, sampleWeight)
}

function savedPinball(
  operation: string,
  yTrue: Values,
  yPred: Values,
  alpha: number,
  weights: Values | undefined,
): number {
  const rows = checkPair(operation, yTrue, yPred, weights)
  if (rows < 2) return Number.NaN
  const quantile = weightedQuantile(yTrue, alpha, weights)
  const constant = new Float64Array(rows).fill(quantile)
  return explained(
    pinball(differences(yPred, yTrue), alpha, weights),
    pinball(differences(constant, yTrue), alpha, weights),
  )
}
