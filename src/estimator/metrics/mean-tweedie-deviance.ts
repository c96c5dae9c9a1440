// Deviances of the Tweedie family (Jørgensen 1987): squared error, Poisson, gamma and what lies between,
// and how much of the deviance predictions explain.

import { AthanorError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { tested } from '../../base/value-kinds.js'
import { checkPair, type Values, type Weighted, weighted } from './input.js'
import { meanOf } from './means.js'

/** Options of `meanTweedieDeviance` and `d2Tweedie`. */
export interface TweedieOptions extends Weighted {
  /**
   * The variance grows as the mean to this power: 0 (default) normal, 1 Poisson, 2 gamma, 3 inverse
   * Gaussian; between 1 and 2 compound Poisson (sums of claims, many of them 0). Not between 0 and 1.
   */
  readonly power?: number
}

const tweedieOptions = new OptionTable<TweedieOptions>({
  ...weighted.rows,
  power: tested(
    'a number of at most 0, or of 1 or more',
    value => Number.isFinite(value) && ((value as number) <= 0 || (value as number) >= 1),
    [0.5, Number.NaN, '1', null],
  ),
})

/**
 * Mean deviance of predictions for targets of a Tweedie distribution: 0 is perfect, lower is better.
 * `power` 0 is the mean squared error. As scikit-learn's `mean_tweedie_deviance`.
 *
 * @throws AthanorError DATA for values the distribution does not have: predictions must be above 0
 * unless `power` is 0, targets 0 or more from 1 on, above 0 from 2 on.
 * @example
 * ```ts
 * meanTweedieDeviance([2, 0, 1, 4], [0.5, 0.5, 2, 2], { power: 1 }) // 1.426…
 * ```
 */
export function meanTweedieDeviance(
  yTrue: Values,
  yPred: Values,
  options: TweedieOptions = {},
): number {
  const { sampleWeight, power = 0 } = tweedieOptions.check('meanTweedieDeviance', options)
  return meanDeviance('meanTweedieDeviance', yTrue, yPred, power, sampleWeight)
}

/**
 * Mean Poisson deviance, for counts and rates: `power` 1. As scikit-learn's `mean_poisson_deviance`.
 *
 * @throws AthanorError DATA for a target below 0 or a prediction of 0 or less.
 * @example
 * ```ts
 * meanPoissonDeviance([2, 0, 1, 4], [0.5, 0.5, 2, 2]) // 1.426…
 * ```
 */
export function meanPoissonDeviance(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  const { sampleWeight } = weighted.check('meanPoissonDeviance', options)
  return meanDeviance('meanPoissonDeviance', yTrue, yPred, 1, sampleWeight)
}

/**
 * Mean gamma deviance, for positive targets whose relative error matters: `power` 2.
 * As scikit-learn's `mean_gamma_deviance`.
 *
 * @throws AthanorError DATA for a target or a prediction of 0 or less.
 * @example
 * ```ts
 * meanGammaDeviance([2, 0.5, 1, 4], [0.5, 0.5, 2, 2]) // 1.056…
 * ```
 */
export function meanGammaDeviance(yTrue: Values, yPred: Values, options: Weighted = {}): number {
  const { sampleWeight } = weighted.check('meanGammaDeviance', options)
  return meanDeviance('meanGammaDeviance', yTrue, yPred, 2, sampleWeight)
}

/**
 * 1 − deviance ÷ deviance of predicting the mean: R² with another error. 1 is perfect, 0 no better than
 * the mean. Fewer than two rows give NaN. As scikit-learn's `d2_tweedie_score`.
 *
 * @throws AthanorError as `meanTweedieDeviance`.
 * @example
 * ```ts
 * d2Tweedie([0.5, 1, 2.5, 7], [1, 1, 5, 3.5], { power: 1 }) // 0.487…
 * ```
 */
export function d2Tweedie(yTrue: Values, yPred: Values, options: TweedieOptions = {}): number {
  const { sampleWeight, power = 0 } = tweedieOptions.check('d2Tweedie', options)
  const deviance = meanDeviance('d2Tweedie', yTrue, yPred, power, sampleWeight)
  const rows = yTrue.length
  if (rows < 2) return Number.NaN
  const mean = new Float64Array(rows).fill(meanOf(yTrue, sampleWeight))
  return 1 - deviance / meanOf(deviances(yTrue, mean, power), sampleWeight)
}

function meanDeviance(
  operation: string,
  yTrue: Values,
  yPred: Values,
  power: number,
  weights: Values | undefined,
): number {
  checkPair(operation, yTrue, yPred, weights)
  if (power !== 0) requireAbove(operation, 'yPred', yPred, 'above 0', value => value > 0)
  if (power >= 2) requireAbove(operation, 'yTrue', yTrue, 'above 0', value => value > 0)
  else if (power >= 1) requireAbove(operation, 'yTrue', yTrue, 'of 0 or more', value => value >= 0)
  return meanOf(deviances(yTrue, yPred, power), weights)
}

function requireAbove(
  operation: string,
  name: string,
  values: Values,
  words: string,
  fits: (value: number) => boolean,
): void {
  for (let i = 0; i < values.length; i++)
    if (!fits(values[i]))
      throw new AthanorError('DATA', {
        operation,
        expected: `values ${words} in ${name}`,
        received: `${values[i]} at row ${i}`,
        fix: 'Choose another power, or a model whose predictions are positive',
      })
}

/** The deviance of each row. */
function deviances(yTrue: Values, yPred: Values, p: number): Float64Array {
  const out = new Float64Array(yTrue.length)
  for (let i = 0; i < out.length; i++) {
    const y = yTrue[i]
    const mean = yPred[i]
    if (p === 0) out[i] = (y - mean) * (y - mean)
    else if (p === 1) out[i] = 2 * ((y === 0 ? 0 : y * Math.log(y / mean)) - y + mean)
    else if (p === 2) out[i] = 2 * (Math.log(mean / y) + y / mean - 1)
    else {
      const first = (p < 0 ? Math.max(y, 0) : y) ** (2 - p) / ((1 - p) * (2 - p))
      out[i] = 2 * (first - (y * mean ** (1 - p)) / (1 - p) + mean ** (2 - p) / (2 - p))
    }
  }
  return out
}
