// Precision, recall and F1 from the counts of each class, and the ways of averaging them
// (Sokolova & Lapalme 2009, "A systematic analysis of performance measures").

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { listOf, numberIn, oneOf, tested } from '../../base/value-kinds.js'
import { checkPair, distinctLabels, type Values, type Weighted, weighted } from './input.js'

/** How the values of the classes become one number. */
export type Average = 'binary' | 'macro' | 'micro' | 'weighted'

/** Options of `precision`, `recall` and `f1`. */
export interface ClassMetricOptions extends Weighted {
  /**
   * `binary` (default): the class `positive` alone. `macro`: the plain mean over classes.
   * `weighted`: the mean weighted by each class's rows. `micro`: from the summed counts.
   */
  readonly average?: Average
  /** The class that `binary` looks at; 1 by default. */
  readonly positive?: number
  /** The classes to average over; by default every label seen. */
  readonly labels?: readonly number[]
  /** The value where a division by zero would stand: 0 (default), 1 or NaN (left out of averages). */
  readonly zeroDivision?: number
}

const classMetricOptions = new OptionTable<ClassMetricOptions>({
  ...weighted.rows,
  average: oneOf(['binary', 'macro', 'micro', 'weighted']),
  positive: numberIn(),
  labels: listOf(numberIn()),
  zeroDivision: tested('0, 1 or NaN', value => value === 0 || value === 1 || Number.isNaN(value)),
})

const { average: _, positive: __, ...perClassRows } = classMetricOptions.rows
/** Options of metrics that look at every class. */
export const perClassOptions = new OptionTable<Omit<ClassMetricOptions, 'average' | 'positive'>>(
  perClassRows,
)

/** Precision, recall, F1 and support of each class. */
export interface ClassMetrics {
  readonly labels: readonly number[]
  readonly precision: readonly number[]
  readonly recall: readonly number[]
  readonly f1: readonly number[]
  /** Rows (or weight) of each true class. */
  readonly support: readonly number[]
}

interface Counts {
  /** Rows of the class predicted as it. */
  right: number
  /** Rows predicted as the class. */
  predicted: number
  /** Rows of the class. */
  actual: number
}

type Formula = (counts: Counts) => readonly [numerator: number, denominator: number]

const formulas: Record<'precision' | 'recall' | 'f1', Formula> = {
  precision: c => [c.right, c.predicted],
  recall: c => [c.right, c.actual],
  f1: c => [2 * c.right, c.predicted + c.actual],
}

function countClasses(
  yTrue: Values,
  yPred: Values,
  labels: readonly number[],
  weights: Values | undefined,
): Counts[] {
  const place = new Map(labels.map((label, i) => [label, i]))
  const counts = labels.map(() => ({ right: 0, predicted: 0, actual: 0 }))
  for (let i = 0; i < yTrue.length; i++) {
    const w = weights === undefined ? 1 : weights[i]
    const t = place.get(yTrue[i])
    const p = place.get(yPred[i])
    if (t !== undefined) counts[t].actual += w
    if (p !== undefined) counts[p].predicted += w
    if (t !== undefined && t === p) counts[t].right += w
  }
  return counts
}

function ratio(formula: Formula, counts: Counts, zeroDivision: number): number {
  const [numerator, denominator] = formula(counts)
  return denominator === 0 ? zeroDivision : numerator / denominator
}

function averaged(
  name: keyof typeof formulas,
  yTrue: Values,
  yPred: Values,
  options: ClassMetricOptions,
): number {
  classMetricOptions.check(name, options)
  const { average = 'binary', positive = 1, sampleWeight, zeroDivision = 0 } = options
  checkPair(name, yTrue, yPred, sampleWeight)
  const formula = formulas[name]
  const seen = distinctLabels(yTrue, yPred)
  if (average === 'binary') {
    if (seen.length > 2)
      throw argumentError(
        name,
        "two classes for average 'binary'",
        `${seen.length}`,
        "Choose average 'macro', 'micro' or 'weighted'",
      )
    if (seen.length === 2 && !seen.includes(positive))
      throw argumentError(name, `positive to be one of ${seen.join(' and ')}`, `${positive}`)
    return ratio(formula, countClasses(yTrue, yPred, [positive], sampleWeight)[0], zeroDivision)
  }
  const counts = countClasses(yTrue, yPred, options.labels ?? seen, sampleWeight)
  const rows: Record<Exclude<Average, 'binary'>, () => number> = {
    micro: () => ratio(formula, counts.reduce(sumCounts), zeroDivision),
    macro: () => mean(counts, () => 1),
    weighted: () => mean(counts, c => c.actual),
  }
  const mean = (list: Counts[], weight: (c: Counts) => number) => {
    let sum = 0
    let total = 0
    for (const c of list) {
      const value = ratio(formula, c, zeroDivision)
      if (Number.isNaN(value)) continue
      sum += weight(c) * value
      total += weight(c)
    }
    return total === 0 ? zeroDivision : sum / total
  }
  return rows[average]()
}

function sumCounts(a: Counts, b: Counts): Counts {
  return {
    right: a.right + b.right,
    predicted: a.predicted + b.predicted,
    actual: a.actual + b.actual,
  }
}

/**
 * Of the rows predicted as a class, the share that belongs to it.
 * As scikit-learn's `precision_score`.
 *
 * @example
 * ```ts
 * precision([0, 1, 1, 0], [1, 1, 1, 0]) // 0.666…
 * ```
 */
export function precision(yTrue: Values, yPred: Values, options: ClassMetricOptions = {}): number {
  return averaged('precision', yTrue, yPred, options)
}

/**
 * Of the rows that belong to a class, the share predicted as it. As scikit-learn's `recall_score`.
 *
 * @example
 * ```ts
 * recall([0, 1, 1, 0], [1, 1, 0, 0]) // 0.5
 * ```
 */
export function recall(yTrue: Values, yPred: Values, options: ClassMetricOptions = {}): number {
  return averaged('recall', yTrue, yPred, options)
}

/**
 * The harmonic mean of precision and recall, `2·right ÷ (predicted + actual)`.
 * As scikit-learn's `f1_score`.
 *
 * @example
 * ```ts
 * f1([0, 1, 2, 2], [0, 2, 2, 2], { average: 'macro' })
 * ```
 */
export function f1(yTrue: Values, yPred: Values, options: ClassMetricOptions = {}): number {
  return averaged('f1', yTrue, yPred, options)
}

/**
 * Precision, recall, F1 and support of every class, in the order of `labels`.
 * As scikit-learn's `precision_recall_fscore_support`.
 *
 * @example
 * ```ts
 * metricsPerClass([0, 1, 1], [0, 1, 0]).recall // [1, 0.5]
 * ```
 */
export function metricsPerClass(
  yTrue: Values,
  yPred: Values,
  options: Omit<ClassMetricOptions, 'average' | 'positive'> = {},
): ClassMetrics {
  const { sampleWeight, zeroDivision = 0 } = perClassOptions.check('metricsPerClass', options)
  checkPair('metricsPerClass', yTrue, yPred, sampleWeight)
  const labels = options.labels ?? distinctLabels(yTrue, yPred)
  const counts = countClasses(yTrue, yPred, labels, sampleWeight)
  const column = (formula: Formula) => counts.map(c => ratio(formula, c, zeroDivision))
  return {
    labels: [...labels],
    precision: column(formulas.precision),
    recall: column(formulas.recall),
    f1: column(formulas.f1),
    support: counts.map(c => c.actual),
  }
}
