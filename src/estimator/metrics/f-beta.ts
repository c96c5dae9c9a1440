// The F measure with recall β times as important as precision (van Rijsbergen 1979).

import type { Labels } from '../../base/label.js'
import { OptionTable, required } from '../../base/options.js'
import { tested } from '../../base/value-kinds.js'
import {
  averaged,
  type ClassMetricOptions,
  classMetricOptions,
  type Formula,
} from './class-counts.js'
import { formulas } from './precision-recall-f1.js'

/** Options of `fBeta`. */
export interface FBetaOptions extends ClassMetricOptions {
  /** How many times recall counts as much as precision: 0 is precision alone, Infinity recall. */
  readonly beta: number
}

const fBetaOptions = new OptionTable<FBetaOptions>({
  ...classMetricOptions.rows,
  beta: required(
    tested('a number of 0 or more', value => typeof value === 'number' && value >= 0, [
      -1,
      Number.NaN,
      '1',
    ]),
  ),
})

/**
 * F-beta, `(1 + β²)·right ÷ (β²·actual + predicted)`: `beta` above 1 weighs recall more, below 1
 * precision. As scikit-learn's `fbeta_score`.
 *
 * @throws AthanorError ARGUMENT for a `beta` below 0 or left out, and as `f1` does.
 * @example
 * ```ts
 * fBeta([0, 1, 1, 1], [0, 1, 0, 0], { beta: 2 }) // 0.384…
 * ```
 */
export function fBeta(yTrue: Labels, yPred: Labels, options: FBetaOptions): number {
  const { beta, ...others } = fBetaOptions.check('fBeta', options)
  return averaged('fBeta', formulaOf(beta), yTrue, yPred, others)
}

function formulaOf(beta: number): Formula {
  if (beta === 0) return formulas.precision
  if (beta === Infinity) return formulas.recall
  const square = beta * beta
  return c => [(1 + square) * c.right, square * c.actual + c.predicted]
}
