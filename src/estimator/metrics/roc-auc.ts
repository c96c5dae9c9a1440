// Area under the ROC curve: the chance that a positive row is scored above a negative one, ties
// counting half (Hanley & McNeil 1982). Several classes: each against the rest, or each pair (Hand &
// Till 2001). Part of the area: standardised (McClish 1989).

import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import {
  type ClassScores,
  checkScores,
  classColumns,
  positiveRows,
  type ScoreTable,
  scoreColumn,
  type Values,
} from './input.js'
import { labelList } from './labels.js'
import { type BinaryScoreOptions, binaryScoreOptions, rocPoints } from './roc-curve.js'
import { type ThresholdCounts, thresholdCounts } from './threshold-counts.js'

/** Options of `rocAuc`. */
export interface RocAucOptions extends BinaryScoreOptions {
  /**
   * Several classes: the plain mean (default), the mean weighted by each class's rows, or the area of
   * all columns together (`micro`, one against the rest only).
   */
  readonly average?: 'macro' | 'weighted' | 'micro'
  /** Several classes: each against the rest (`ovr`, default) or every pair (`ovo`, unweighted rows). */
  readonly multiClass?: 'ovr' | 'ovo'
  /** Two classes: the area up to this false positive rate, scaled so that chance is 0.5. */
  readonly maxFpr?: number
  /** The class of each column of scores; see `logLoss`. */
  readonly labels?: readonly Label[]
}

const rocAucOptions = new OptionTable<RocAucOptions>({
  ...binaryScoreOptions.rows,
  average: oneOf(['macro', 'weighted', 'micro']),
  multiClass: oneOf(['ovr', 'ovo']),
  maxFpr: numberIn({ above: 0, max: 1 }),
  labels: labelList,
})

/**
 * Area under the ROC curve, 0.5 for chance. `yScore` holds one score a row (any monotone score), or
 * one column a class (two columns: the second is the positive class; more: one against the rest).
 *
 * Rule for a class without rows, or with all of them: it has no area and is left out of the mean;
 * where nothing is left (one class only) the result is NaN. Otherwise as scikit-learn's
 * `roc_auc_score`, which refuses a missing class.
 *
 * @example
 * ```ts
 * rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 * rocAuc(['no', 'no', 'yes', 'yes'], [0.1, 0.4, 0.35, 0.8], { positive: 'yes' }) // 0.75
 * ```
 */
export function rocAuc(yTrue: Labels, yScore: ClassScores, options: RocAucOptions = {}): number {
  const operation = 'rocAuc'
  const { positive, sampleWeight, labels, maxFpr = 1 } = rocAucOptions.check(operation, options)
  const table = checkScores(operation, yTrue, yScore, sampleWeight)
  if (table.classes > 2) {
    if (maxFpr !== 1)
      throw argumentError(operation, 'maxFpr of 1 for several classes', String(maxFpr))
    return ofSeveral(table, classColumns(operation, yTrue, table, labels), options)
  }
  const isPositive = positiveRows(operation, yTrue, table.kind, positive, labels)
  const scores = scoreColumn(table, table.classes - 1)
  const counts = thresholdCounts(isPositive, scores, sampleWeight)
  return maxFpr === 1 ? areaOf(counts).area : partOf(counts, maxFpr)
}

function ofSeveral(table: ScoreTable, truth: Int32Array, options: RocAucOptions): number {
  const { average = 'macro', multiClass = 'ovr', sampleWeight } = options
  if (multiClass === 'ovo') {
    if (sampleWeight !== undefined || average === 'micro')
      throw argumentError(
        'rocAuc',
        "no sampleWeight and average 'macro' or 'weighted' for pairs of classes",
        sampleWeight === undefined ? "'micro'" : 'sampleWeight',
        "Choose multiClass 'ovr'",
      )
    return ofPairs(table, truth, average)
  }
  if (average === 'micro') return ofAllColumns(table, truth, sampleWeight)
  let sum = 0
  let total = 0
  for (let c = 0; c < table.classes; c++) {
    const isClass = Uint8Array.from(truth, t => (t === c ? 1 : 0))
    const counts = thresholdCounts(isClass, scoreColumn(table, c), sampleWeight)
    const { area, positives } = areaOf(counts)
    if (Number.isNaN(area)) continue
    const weight = average === 'macro' ? 1 : positives
    sum += weight * area
    total += weight
  }
  return total === 0 ? Number.NaN : sum / total
}

/** Every (row, class) as a row of its own: is it this class, and with which score? */
function ofAllColumns(
  { rows, classes, values }: ScoreTable,
  truth: Int32Array,
  weights: Values | undefined,
): number {
  const isClass = new Uint8Array(rows * classes)
  for (let row = 0; row < rows; row++) isClass[row * classes + truth[row]] = 1
  const repeated =
    weights && new Float64Array(rows * classes).map((_, i) => weights[Math.floor(i / classes)])
  return areaOf(thresholdCounts(isClass, values, repeated)).area
}

/** The mean over pairs of classes of the area either column gives on the rows of the two. */
function ofPairs(table: ScoreTable, truth: Int32Array, average: 'macro' | 'weighted'): number {
  const rowsOf = Array.from({ length: table.classes }, () => [] as number[])
  truth.forEach((c, row) => {
    rowsOf[c].push(row)
  })
  let sum = 0
  let total = 0
  for (let a = 0; a < table.classes; a++)
    for (let b = a + 1; b < table.classes; b++) {
      const both = [...rowsOf[a], ...rowsOf[b]]
      if (rowsOf[a].length === 0 || rowsOf[b].length === 0) continue
      const areaBy = (own: number) => {
        const scores = Float64Array.from(both, row => table.values[row * table.classes + own])
        const isOwn = Uint8Array.from(both, row => (truth[row] === own ? 1 : 0))
        return areaOf(thresholdCounts(isOwn, scores, undefined)).area
      }
      const weight = average === 'macro' ? 1 : both.length
      sum += (weight * (areaBy(a) + areaBy(b))) / 2
      total += weight
    }
  return total === 0 ? Number.NaN : sum / total
}

function areaOf(counts: ThresholdCounts): { area: number; positives: number } {
  const last = counts.thresholds.length - 1
  const positives = counts.truePositives[last]
  const negatives = counts.falsePositives[last]
  if (positives === 0 || negatives === 0) return { area: Number.NaN, positives }
  let area = 0
  let tp = 0
  let fp = 0
  for (let i = 0; i <= last; i++) {
    area += ((counts.falsePositives[i] - fp) * (counts.truePositives[i] + tp)) / 2
    tp = counts.truePositives[i]
    fp = counts.falsePositives[i]
  }
  return { area: area / (positives * negatives), positives }
}

/** The area up to a false positive rate, scaled from [max²/2, max] to [0.5, 1]. */
function partOf(counts: ThresholdCounts, max: number): number {
  const { falsePositiveRate: x, truePositiveRate: y } = rocPoints(counts, true)
  const last = x.length - 1
  if (Number.isNaN(x[last]) || Number.isNaN(y[last])) return Number.NaN
  let area = 0
  for (let i = 1; i <= last && x[i - 1] < max; i++) {
    const right = Math.min(x[i], max)
    const width = x[i] - x[i - 1]
    const height = width === 0 ? y[i] : y[i - 1] + ((right - x[i - 1]) / width) * (y[i] - y[i - 1])
    area += ((right - x[i - 1]) * (y[i - 1] + height)) / 2
  }
  const least = (max * max) / 2
  return (1 + (area - least) / (max - least)) / 2
}
