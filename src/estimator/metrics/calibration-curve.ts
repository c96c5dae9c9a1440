// Are predicted probabilities what happens? Rows in bins of predicted probability, against the share
// of positives among them (Niculescu-Mizil & Caruana 2005).

import { AthanorError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import { checkScored, positiveRows, type Values } from './input.js'
import { oneLabel } from './labels.js'

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
  /** The label that probabilities speak for; 1 or true by default. */
  readonly positive?: Label
  /** Number of bins, 5 by default. */
  readonly bins?: number
  /** Bins of equal width (default) or of equally many rows. */
  readonly strategy?: 'uniform' | 'quantile'
}

const calibrationOptions = new OptionTable<CalibrationCurveOptions>({
  positive: oneLabel,
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
  yTrue: Labels,
  yProbability: Values,
  options: CalibrationCurveOptions = {},
): CalibrationCurve {
  const operation = 'calibrationCurve'
  const { positive, bins = 5, strategy = 'uniform' } = calibrationOptions.check(operation, options)
  const kind = checkScored(operation, yTrue, yProbability, undefined, 'yProbability')
  const isPositive = positiveRows(operation, yTrue, kind, positive)
  const rows = yTrue.length
  for (let i = 0; i < rows; i++)
    if (yProbability[i] < 0 || yProbability[i] > 1)
      throw new AthanorError('DATA', {
        operation,
        expected: 'probabilities between 0 and 1',
        received: `${yProbability[i]} at row ${i}`,
      })
  const edges = binEdges(yProbability, bins, strategy)
  const counts = new Float64Array(bins)
  const predicted = new Float64Array(bins)
  const positives = new Float64Array(bins)
  for (let i = 0; i < rows; i++) {
    const bin = binOf(edges, yProbability[i])
    counts[bin]++
    predicted[bin] += yProbability[i]
    positives[bin] += isPositive[i]
  }
  const kept = Array.from(counts.keys()).filter(bin => counts[bin] > 0)
  return {
    fractionOfPositives: Float64Array.from(kept, bin => positives[bin] / counts[bin]),
    meanPredicted: Float64Array.from(kept, bin => predicted[bin] / counts[bin]),
    counts: Float64Array.from(kept, bin => counts[bin]),
  }
}

/** The inner edges of bins of equal width, or of equally many values. */
export function binEdges(
  values: Values,
  bins: number,
  strategy: 'uniform' | 'quantile',
): readonly number[] {
  return strategy === 'uniform' ? evenEdges(bins) : quantileEdges(values, bins)
}

/** The bin of a value: that of the first edge which is not below it. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle] < value) low = middle + 1
    else high = middle
  }
  return low
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
