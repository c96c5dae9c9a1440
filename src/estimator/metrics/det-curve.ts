// The detection error tradeoff: positives missed against negatives taken for positive (Martin,
// Doddington, Kamm, Ordowski & Przybocki 1997).

import { argumentError } from '../../base/errors.js'
import type { Labels } from '../../base/label.js'
import type { Values } from './input.js'
import { binaryCounts, type CurveOptions, curveOptions } from './roc-curve.js'

/** Points of a DET curve. */
export interface DetCurve {
  /** Descending. */
  readonly falsePositiveRate: Float64Array
  readonly falseNegativeRate: Float64Array
  /** Ascending. */
  readonly thresholds: Float64Array
}

/**
 * False negative against false positive rate at every threshold, from the last that misses no
 * positive row to the first that takes no negative one. `dropIntermediate` (default false) leaves out
 * thresholds that find no further positive row. As scikit-learn's `det_curve`.
 *
 * @throws AthanorError ARGUMENT where there is one class alone; otherwise as `rocCurve`.
 * @example
 * ```ts
 * detCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).falseNegativeRate // 0, 0.5, 0.5
 * ```
 */
export function detCurve(yTrue: Labels, yScore: Values, options: CurveOptions = {}): DetCurve {
  const { dropIntermediate = false } = curveOptions.check('detCurve', options)
  const counts = binaryCounts('detCurve', yTrue, yScore, options)
  const size = counts.thresholds.length
  const positives = counts.truePositives[size - 1]
  const negatives = counts.falsePositives[size - 1]
  if (positives === 0 || negatives === 0)
    throw argumentError('detCurve', 'rows of two classes in yTrue', 'one class alone')
  // Point 0 stands for the threshold above all scores.
  const tp = (i: number) => (i === 0 ? 0 : counts.truePositives[i - 1])
  const fp = (i: number) => (i === 0 ? 0 : counts.falsePositives[i - 1])
  const kept: number[] = []
  for (let i = 0; i <= size; i++)
    if (!dropIntermediate || i === 0 || i === size || tp(i) !== tp(i - 1) || tp(i + 1) !== tp(i))
      kept.push(i)
  let first = 0
  while (first + 1 < kept.length && fp(kept[first + 1]) === 0) first++
  let last = first
  while (tp(kept[last]) < positives) last++
  const points = kept.slice(first, last + 1).reverse()
  return {
    falsePositiveRate: Float64Array.from(points, i => fp(i) / negatives),
    falseNegativeRate: Float64Array.from(points, i => (positives - tp(i)) / positives),
    thresholds: Float64Array.from(points, i => (i === 0 ? Infinity : counts.thresholds[i - 1])),
  }
}
