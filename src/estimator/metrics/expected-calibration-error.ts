// How far confidence and accuracy lie apart, bin by bin (Naeini, Cooper & Hauskrecht 2015; Guo, Pleiss,
// Sun & Weinberger 2017, "On calibration of modern neural networks").

import type { Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import { binEdges, binOf } from './calibration-curve.js'
import type { ClassScores } from './input.js'
import { checkProbabilities, type ProbabilityOptions, probabilityOptions } from './probabilities.js'

/** Options of `expectedCalibrationError`. */
export interface CalibrationErrorOptions extends ProbabilityOptions {
  /** Number of bins. Default: 15. */
  readonly bins?: number
  /** Bins of equal width (default) or of equally many rows. */
  readonly strategy?: 'uniform' | 'quantile'
}

const calibrationErrorOptions = new OptionTable<CalibrationErrorOptions>({
  ...probabilityOptions.rows,
  bins: wholeNumber({ min: 1 }),
  strategy: oneOf(['uniform', 'quantile']),
})

/**
 * Σ over bins of the bin's share of rows times |share that came true − mean probability|: 0 is
 * perfectly calibrated. Two classes: of the positive class's probability; more: of the highest one and
 * whether its class was the true one. It depends on the bins; compare values with equal ones.
 *
 * @example
 * ```ts
 * expectedCalibrationError([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], { bins: 2 }) // 0.175
 * ```
 */
export function expectedCalibrationError(
  yTrue: Labels,
  yProbability: ClassScores,
  options: CalibrationErrorOptions = {},
): number {
  const operation = 'expectedCalibrationError'
  const {
    bins = 15,
    strategy = 'uniform',
    ...others
  } = calibrationErrorOptions.check(operation, options)
  const { rows, columns, truth, values } = checkProbabilities(
    operation,
    yTrue,
    yProbability,
    others,
  )
  const confidence = new Float64Array(rows)
  const cameTrue = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    const at = i * columns
    let chosen = columns > 2 ? 0 : columns - 1
    if (columns > 2)
      for (let c = 1; c < columns; c++) if (values[at + c] > values[at + chosen]) chosen = c
    confidence[i] = values[at + chosen]
    cameTrue[i] = truth[i] === Math.max(chosen, columns > 2 ? 0 : 1) ? 1 : 0
  }
  const edges = binEdges(confidence, bins, strategy)
  const gaps = new Float64Array(bins)
  let total = 0
  for (let i = 0; i < rows; i++) {
    const w = others.sampleWeight === undefined ? 1 : others.sampleWeight[i]
    gaps[binOf(edges, confidence[i])] += w * (cameTrue[i] - confidence[i])
    total += w
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total
}
