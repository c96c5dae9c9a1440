// Are predicted probabilities what happens? Rows in bins of predicted probability, against the share
// of positives among them (Niculescu-Mizil & Caruana 2005).

import { AthanorError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf, wholeNumber } from '../../base/value-kinds.js'
import { checkPair, requireBinary, type Values } from './input.js'

/** Points of a calibration curve, one for each bin that is not empty. */
export interface CalibrationCurve {
  /** Share of positives in each bin that has rows. */
  readonly fractionOfPositives: Float64Array
  /** Mean predicted probability in each of them. */
  readonly meanPredicted: Float64Array
  /** Rows in each of them. */
  readonly counts: Float64Array
}

/** Options of `calibrationCurve`. */
export interface CalibrationCurveOptions {
  readonly positive?: number
  /** Number of bins, 5 by default. */
  readonly bins?: number
  /** Bins of equal width (default) or of equally many rows. */
  readonly strategy?: 'uniform' | 'quantile'
}

const calibrationOptions = new OptionTable<CalibrationCurveOptions>({
  positive: numberIn(),
  bins: wholeNumber({ min: 1 }),
  strategy: oneOf(['uniform', 'quantile']),
})

/**
 * Observed against predicted share of positives, bin by bin; empty bins are left out.
 * As scikit-learn's `calibration_curve`, with the counts besides.
 *
 * @example
 * ```ts
 * calibrationCurve([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], { bins: 2 }).meanPredicted // 0.15, 0.8
 * ```
 */
export function calibrationCurve(
  yTrue: Values,
  yProbability: Values,
  options: CalibrationCurveOptions = {},
): CalibrationCurve {
  const {
    positive = 1,
    bins = 5,
    strategy = 'uniform',
  } = calibrationOptions.check('calibrationCurve', options)
  const rows = checkPair('calibrationCurve', yTrue, yProbability, undefined, 'yProbability')
  requireBinary('calibrationCurve', yTrue, positive)
  for (let i = 0; i < rows; i++)
    if (yProbability[i] < 0 || yProbability[i] > 1)
      throw new AthanorError('DATA', {
        operation: 'calibrationCurve',
        expected: 'probabilities between 0 and 1',
        received: `${yProbability[i]} at row ${i}`,
      })
  const edges = strategy === 'uniform' ? evenEdges(bins) : quantileEdges(yProbability, bins)
  const counts = new Float64Array(bins)
  const predicted = new Float64Array(bins)
  const positives = new Float64Array(bins)
  for (let i = 0; i < rows; i++) {
    let bin = 0
    while (bin < edges.length && edges[bin] < yProbability[i]) bin++
    counts[bin]++
    predicted[bin] += yProbability[i]
    if (yTrue[i] === positive) positives[bin]++
  }
  const kept = Array.from(counts.keys()).filter(bin => counts[bin] > 0)
  return {
    fractionOfPositives: Float64Array.from(kept, bin => positives[bin] / counts[bin]),
    meanPredicted: Float64Array.from(kept, bin => predicted[bin] / counts[bin]),
    counts: Float64Array.from(kept, bin => counts[bin]),
  }
}

function evenEdges(bins: number): number[] {
  return Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins))
}

function quantileEdges(values: Values, bins: number): number[] {
  const sorted = Float64Array.from(values).sort()
  return Array.from({ length: bins - 1 }, (_, i) => {
    const at = ((i + 1) / bins) * (sorted.length - 1)
    const low = Math.floor(at)
    const high = Math.min(low + 1, sorted.length - 1)
    return sorted[low] + (at - low) * (sorted[high] - sorted[low])
  })
}
