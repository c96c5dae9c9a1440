// Predictions as CSV (RFC 4180): the test rows of a run, and tables that a user asks about.

import { cellText } from '../data/column.js'
import type { Table } from '../data/table.js'
import type { Answers } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import { chooseClasses, type Prediction } from './table-model.js'

/** Quotes where a comma, quote, newline or outer space would be misread. */
export function csvCell(text: string): string {
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\n`

/** Row (1-based), truth, prediction and probabilities of the test split, a line at a time. */
export function* testPredictions(
  data: PreparedData,
  answers: Answers,
  threshold: number,
): Generator<string> {
  const { encoder, split, keys, target } = data
  const column = keys.column(target)
  const { classes } = encoder
  yield line(uniqueNames(['row', target], classes))
  const chosen =
    answers.task === 'classification'
      ? chooseClasses(answers.probabilities, classes.length, threshold)
      : undefined
  for (let i = 0; i < split.test.length; i++) {
    const row = split.test[i]
    const cells = [String(row + 1), cellText(column, row)]
    if (answers.task === 'regression') cells.push(String(answers.predicted[i]))
    else {
      cells.push(classes[chosen![i]])
      for (let c = 0; c < classes.length; c++)
        cells.push(probabilityText(answers.probabilities[i * classes.length + c]))
    }
    yield line(cells)
  }
}

/** The columns given, then `prediction` and `probability_<class>`; a name that is taken gets `_1`. */
export function uniqueNames(given: readonly string[], classes: readonly string[]): string[] {
  const names = [...given]
  for (const wanted of ['prediction', ...classes.map(name => `probability_${name}`)]) {
    let name = wanted
    for (let i = 1; names.includes(name); i++) name = `${wanted}_${i}`
    names.push(name)
  }
  return names
}

/** A table's rows with what was predicted for them, a piece at a time. */
export function* predictedRows(
  table: Table,
  predictions: readonly Prediction[],
  classes: readonly string[],
): Generator<string> {
  yield line(uniqueNames(table.names, classes))
  for (let row = 0; row < table.rows; row++) {
    const { prediction, probabilities } = predictions[row]
    yield line([
      ...table.columns.map(column => cellText(column, row)),
      String(prediction),
      ...classes.map(name => probabilityText(probabilities?.[name] ?? Number.NaN)),
    ])
  }
}

function probabilityText(value: number): string {
  return String(Number(value.toPrecision(7)))
}
