// Rows of each class: right, predicted, actual; and how metrics that are quotients of these are
// averaged over classes (Sokolova & Lapalme 2009, "A systematic analysis of performance measures").

import { argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { oneOf, tested } from '../../base/value-kinds.js'
import {
  checkLabelPair,
  type EncodedPair,
  encodePair,
  type Values,
  type Weighted,
  weighted,
} from './input.js'
import { encodeLabels, labelList, oneLabel, positiveLabel } from './labels.js'

/** How the values of the classes become one number. */
export type Average = 'binary' | 'macro' | 'micro' | 'weighted'

/** Options of `precision`, `recall`, `f1`, `fBeta` and `jaccard`. */
export interface ClassMetricOptions extends Weighted {
  /**
   * `binary` (default): the class `positive` alone. `macro`: the plain mean over classes.
   * `weighted`: the mean weighted by each class's rows. `micro`: from the summed counts.
   */
  readonly average?: Average
  /** The class that `binary` looks at; 1 or true by default, to be given where labels are texts. */
  readonly positive?: Label
  /** The classes to average over; by default every label seen. */
  readonly labels?: readonly Label[]
  /** The value where a division by zero would stand: 0 (default), 1 or NaN (left out of averages). */
  readonly zeroDivision?: number
}

export const classMetricOptions = new OptionTable<ClassMetricOptions>({
  ...weighted.rows,
  average: oneOf(['binary', 'macro', 'micro', 'weighted']),
  positive: oneLabel,
  labels: labelList,
  zeroDivision: tested('0, 1 or NaN', value => value === 0 || value === 1 || Number.isNaN(value)),
})

const { average: _, positive: __, ...perClassRows } = classMetricOptions.rows
/** Options of metrics that look at every class. */
export const perClassOptions = new OptionTable<Omit<ClassMetricOptions, 'average' | 'positive'>>(
  perClassRows,
)

/** What the rows of one class come to. */
export interface Counts {
  /** Rows of the class predicted as it. */
  readonly right: number
  /** Rows predicted as the class. */
  readonly predicted: number
  /** Rows of the class. */
  readonly actual: number
}

/** A metric of one class, as a quotient, so that a zero below can be seen. */
export type Formula = (counts: Counts) => readonly [numerator: number, denominator: number]

export interface ClassCounts {
  readonly right: Float64Array
  readonly predicted: Float64Array
  readonly actual: Float64Array
}

/** Weight of each class's rows; those whose label is not among `labels` count for the others. */
export function countClasses(
  { rows, labels, truth, predicted }: EncodedPair,
  weights: Values | undefined,
): ClassCounts {
  const size = labels.length
  const counts = {
    right: new Float64Array(size),
    predicted: new Float64Array(size),
    actual: new Float64Array(size),
  }
  for (let i = 0; i < rows; i++) {
    const w = weights === undefined ? 1 : weights[i]
    const t = truth[i]
    const p = predicted[i]
    if (t >= 0) counts.actual[t] += w
    if (p >= 0) counts.predicted[p] += w
    if (t >= 0 && t === p) counts.right[t] += w
  }
  return counts
}

/** The metric of each class. */
export function ratios(formula: Formula, counts: ClassCounts, zeroDivision: number): number[] {
  return Array.from(counts.right, (right, c) =>
    ratio(
      formula,
      { right, predicted: counts.predicted[c], actual: counts.actual[c] },
      zeroDivision,
    ),
  )
}

function ratio(formula: Formula, counts: Counts, zeroDivision: number): number {
  const [numerator, denominator] = formula(counts)
  return denominator === 0 ? zeroDivision : numerator / denominator
}

/** Mean of the values that are not NaN; where their weights are all 0, the plain one. */
export function meanOfClasses(values: readonly number[], weights?: ArrayLike<number>): number {
  let sum = 0
  let total = 0
  let plain = 0
  let known = 0
  for (let c = 0; c < values.length; c++) {
    if (Number.isNaN(values[c])) continue
    const w = weights === undefined ? 1 : weights[c]
    sum += w * values[c]
    total += w
    plain += values[c]
    known++
  }
  if (known === 0) return Number.NaN
  return total === 0 ? plain / known : sum / total
}

/** A quotient of class counts as one number, the way `average` says. */
export function averaged(
  operation: string,
  formula: Formula,
  yTrue: Labels,
  yPred: Labels,
  options: ClassMetricOptions,
): number {
  const { average = 'binary', sampleWeight, zeroDivision = 0 } = options
  if (average === 'binary') {
    const only = binaryCounts(operation, yTrue, yPred, options)
    return ratio(formula, only, zeroDivision)
  }
  const pair = encodePair(operation, yTrue, yPred, sampleWeight, options.labels)
  const counts = countClasses(pair, sampleWeight)
  if (average === 'micro') {
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)
    const { right, predicted, actual } = counts
    return ratio(
      formula,
      { right: sum(right), predicted: sum(predicted), actual: sum(actual) },
      zeroDivision,
    )
  }
  const values = ratios(formula, counts, zeroDivision)
  return meanOfClasses(values, average === 'weighted' ? counts.actual : undefined)
}

function binaryCounts(
  operation: string,
  yTrue: Labels,
  yPred: Labels,
  options: ClassMetricOptions,
): Counts {
  const { sampleWeight } = options
  const kind = checkLabelPair(operation, yTrue, yPred, sampleWeight)
  const positive = positiveLabel(operation, kind, options.positive)
  const seen = new Set<Label>()
  let right = 0
  let predicted = 0
  let actual = 0
  let last: Label | undefined
  for (let i = 0; i < yTrue.length; i++) {
    const w = sampleWeight === undefined ? 1 : sampleWeight[i]
    const t = yTrue[i]
    const p = yPred[i]
    if (t === positive) actual += w
    else if (t !== last) seen.add(t)
    if (p === positive) predicted += w
    else if (p !== last) seen.add(p)
    last = t === positive ? p : t
    if (t === positive && p === positive) right += w
  }
  seen.delete(positive)
  if (seen.size >= 2) refuseBinary(operation, yTrue, yPred, positive)
  return { right, predicted, actual }
}

function refuseBinary(operation: string, yTrue: Labels, yPred: Labels, positive: Label): never {
  const { labels } = encodeLabels([yTrue, yPred])
  if (labels.length > 2)
    throw argumentError(
      operation,
      "two classes for average 'binary'",
      `${labels.length}`,
      "Choose average 'macro', 'micro' or 'weighted'",
    )
  throw argumentError(operation, `positive to be one of ${labels.join(' and ')}`, `${positive}`)
}
