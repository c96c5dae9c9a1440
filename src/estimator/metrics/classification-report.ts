// Precision, recall, F1 and support of every class and their averages, as data and as text.

import { shapeError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { listOf, someText } from '../../base/value-kinds.js'
import { accuracy } from './accuracy.js'
import { averaged, meanOfClasses, perClassOptions } from './class-counts.js'
import { encodePair, type Weighted } from './input.js'
import { formulas, metricsPerClass } from './precision-recall-f1.js'

/** A row of a `ClassificationReport`. */
export interface ReportRow {
  readonly name: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly support: number
}

/** Precision, recall and F1 of each class and their averages. */
export interface ClassificationReport {
  readonly classes: readonly ReportRow[]
  /** Over all rows. */
  readonly accuracy: number
  /** From the summed counts; the accuracy where no class is left out. */
  readonly micro: ReportRow
  readonly macro: ReportRow
  readonly weighted: ReportRow
  /** The same as a table of fixed-width text. */
  toString(): string
}

/** Options of `classificationReport`. */
export interface ClassificationReportOptions extends Weighted {
  /** Name of each label, in ascending order of labels (or in that of `labels`). */
  readonly names?: readonly string[]
  /** The classes and their order; by default every label seen, ascending. */
  readonly labels?: readonly Label[]
  /** See `precision`. */
  readonly zeroDivision?: number
}

const reportOptions = new OptionTable<ClassificationReportOptions>({
  ...perClassOptions.rows,
  names: listOf(someText),
})

/**
 * One row of metrics a class, their plain and weighted means, and the accuracy.
 * As scikit-learn's `classification_report`.
 *
 * @example
 * ```ts
 * console.log(String(classificationReport([0, 1, 1], [0, 1, 0], { names: ['no', 'yes'] })))
 * ```
 */
export function classificationReport(
  yTrue: Labels,
  yPred: Labels,
  options: ClassificationReportOptions = {},
): ClassificationReport {
  const operation = 'classificationReport'
  const { sampleWeight, zeroDivision } = reportOptions.check(operation, options)
  const seen = encodePair(operation, yTrue, yPred, sampleWeight).labels
  const labels = options.labels ?? seen
  const names = options.names ?? labels.map(String)
  if (names.length !== labels.length)
    throw shapeError(operation, `${labels.length} names, one a class`, `${names.length}`)
  const given = { sampleWeight, zeroDivision, labels }
  const per = metricsPerClass(yTrue, yPred, given)
  const classes = names.map((name, i) => ({
    name,
    precision: per.precision[i],
    recall: per.recall[i],
    f1: per.f1[i],
    support: per.support[i],
  }))
  const micro = (formula: keyof typeof formulas) =>
    averaged(operation, formulas[formula], yTrue, yPred, { ...given, average: 'micro' })
  const report = {
    classes,
    accuracy: accuracy(yTrue, yPred, { sampleWeight }),
    micro: {
      name: 'micro avg',
      precision: micro('precision'),
      recall: micro('recall'),
      f1: micro('f1'),
      support: classes.reduce((sum, row) => sum + row.support, 0),
    },
    macro: meanRow('macro avg', classes),
    weighted: meanRow('weighted avg', classes, per.support),
  }
  const isWhole = seen.every(label => labels.includes(label))
  return { ...report, toString: () => asText(report, isWhole) }
}

function meanRow(name: string, rows: readonly ReportRow[], weights?: readonly number[]): ReportRow {
  const mean = (key: 'precision' | 'recall' | 'f1') =>
    meanOfClasses(
      rows.map(row => row[key]),
      weights,
    )
  const support = rows.reduce((sum, row) => sum + row.support, 0)
  return { name, precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support }
}

function asText(report: Omit<ClassificationReport, 'toString'>, isWhole: boolean): string {
  const rows = [...report.classes, report.micro, report.macro, report.weighted]
  const width = Math.max(...rows.map(row => row.name.length))
  const line = (name: string, cells: readonly string[]) =>
    `${name.padStart(width)}${cells.map(cell => cell.padStart(11)).join('')}`
  const numbers = (row: ReportRow) => [
    row.precision.toFixed(2),
    row.recall.toFixed(2),
    row.f1.toFixed(2),
    String(row.support),
  ]
  return [
    line('', ['precision', 'recall', 'f1', 'support']),
    '',
    ...report.classes.map(row => line(row.name, numbers(row))),
    '',
    isWhole
      ? line('accuracy', ['', '', report.accuracy.toFixed(2), String(report.macro.support)])
      : line(report.micro.name, numbers(report.micro)),
    line(report.macro.name, numbers(report.macro)),
    line(report.weighted.name, numbers(report.weighted)),
    '',
  ].join('\n')
}
