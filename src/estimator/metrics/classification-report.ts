// Precision, recall, F1 and support of every class and their averages, as data and as text.

import { shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { listOf, someText } from '../../base/value-kinds.js'
import { accuracy } from './accuracy.js'
import { checkPair, distinctLabels, type Values, type Weighted } from './input.js'
import { metricsPerClass, perClassOptions } from './precision-recall-f1.js'

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
  readonly accuracy: number
  readonly macro: ReportRow
  readonly weighted: ReportRow
  /** The same as a table of fixed-width text. */
  toString(): string
}

/** Options of `classificationReport`. */
export interface ClassificationReportOptions extends Weighted {
  /** Name of each label, in ascending order of labels (or in that of `labels`). */
  readonly names?: readonly string[]
  readonly labels?: readonly number[]
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
  yTrue: Values,
  yPred: Values,
  options: ClassificationReportOptions = {},
): ClassificationReport {
  const { sampleWeight, zeroDivision } = reportOptions.check('classificationReport', options)
  checkPair('classificationReport', yTrue, yPred, sampleWeight)
  const labels = options.labels ?? distinctLabels(yTrue, yPred)
  const names = options.names ?? labels.map(String)
  if (names.length !== labels.length)
    throw shapeError(
      'classificationReport',
      `${labels.length} names, one a class`,
      `${names.length}`,
    )
  const per = metricsPerClass(yTrue, yPred, { sampleWeight, zeroDivision, labels })
  const classes = names.map((name, i) => ({
    name,
    precision: per.precision[i],
    recall: per.recall[i],
    f1: per.f1[i],
    support: per.support[i],
  }))
  const report = {
    classes,
    accuracy: accuracy(yTrue, yPred, { sampleWeight }),
    macro: meanRow('macro avg', classes, () => 1),
    weighted: meanRow('weighted avg', classes, row => row.support),
  }
  return { ...report, toString: () => asText(report) }
}

function meanRow(name: string, rows: ReportRow[], weight: (row: ReportRow) => number): ReportRow {
  const mean = (key: 'precision' | 'recall' | 'f1') => {
    let sum = 0
    let total = 0
    for (const row of rows) {
      if (Number.isNaN(row[key])) continue
      sum += weight(row) * row[key]
      total += weight(row)
    }
    return total === 0 ? 0 : sum / total
  }
  const support = rows.reduce((sum, row) => sum + row.support, 0)
  return { name, precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support }
}

function asText(report: Omit<ClassificationReport, 'toString'>): string {
  const rows = [...report.classes, report.macro, report.weighted]
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
    line('accuracy', ['', '', report.accuracy.toFixed(2), String(report.macro.support)]),
    line(report.macro.name, numbers(report.macro)),
    line(report.weighted.name, numbers(report.weighted)),
    '',
  ].join('\n')
}
