// The ROC curve: share of positives found against share of negatives taken for positive.

import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import { checkScored, positiveRows, type Values, type Weighted, weighted } from './input.js'
import { oneLabel } from './labels.js'
import { type ThresholdCounts, thresholdCounts } from './threshold-counts.js'

/** Options of metrics over the scores of two classes. */
export interface BinaryScoreOptions extends Weighted {
  /** The label that scores speak for; 1 or true by default, to be given where labels are texts. */
  readonly positive?: Label
}

export const binaryScoreOptions = new OptionTable<BinaryScoreOptions>({
  ...weighted.rows,
  positive: oneLabel,
})

/** Options of curves over the scores of two classes. */
export interface CurveOptions extends BinaryScoreOptions {
  /** Leave out points that do not change the curve. */
  readonly dropIntermediate?: boolean
}

export const curveOptions = new OptionTable<CurveOptions>({
  ...binaryScoreOptions.rows,
  dropIntermediate: trueOrFalse,
})

/** Points of a ROC curve. */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array
  readonly truePositiveRate: Float64Array
  /** Descending; the first is Infinity, where nothing is predicted positive. */
  readonly thresholds: Float64Array
}

/** Counts at the thresholds of one column of scores; input is checked. */
export function binaryCounts(
  operation: string,
  yTrue: Labels,
  yScore: Values,
  { positive, sampleWeight }: BinaryScoreOptions,
): ThresholdCounts {
  const kind = checkScored(operation, yTrue, yScore, sampleWeight)
  return thresholdCounts(positiveRows(operation, yTrue, kind, positive), yScore, sampleWeight)
}

/**
 * Points of the ROC curve from (0, 0) to (1, 1). Points in the middle of a straight stretch are
 * left out unless `dropIntermediate` is false. A rate is NaN where its class has no rows.
 * As scikit-learn's `roc_curve`.
 *
 * @example
 * ```ts
 * rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).truePositiveRate // 0, 0.5, 0.5, 1, 1
 * ```
 */
export function rocCurve(yTrue: Labels, yScore: Values, options: CurveOptions = {}): RocCurve {
  const { dropIntermediate = true } = curveOptions.check('rocCurve', options)
  return rocPoints(binaryCounts('rocCurve', yTrue, yScore, options), dropIntermediate)
}

/** The curve through the counts. */
export function rocPoints(counts: ThresholdCounts, dropIntermediate: boolean): RocCurve {
  const kept = dropIntermediate ? corners(counts) : Array.from(counts.thresholds, (_, i) => i)
  const last = counts.thresholds.length - 1
  const rate = (values: Float64Array) =>
    Float64Array.from([0, ...kept.map(i => values[i])], v =>
      values[last] === 0 ? Number.NaN : v / values[last],
    )
  return {
    falsePositiveRate: rate(counts.falsePositives),
    truePositiveRate: rate(counts.truePositives),
    thresholds: Float64Array.from([Infinity, ...kept.map(i => counts.thresholds[i])]),
  }
}

function corners({ truePositives, falsePositives, thresholds }: ThresholdCounts): number[] {
  const bends = (v: Float64Array, i: number) => v[i + 1] - 2 * v[i] + v[i - 1] !== 0
  const kept: number[] = []
  for (let i = 0; i < thresholds.length; i++) {
    const end = i === 0 || i === thresholds.length - 1
    if (end || bends(truePositives, i) || bends(falsePositives, i)) kept.push(i)
  }
  return kept
}
