// Predictions as CSV (RFC 4180): the test rows of a run, and tables that a user asks about.

import { type Column, cellText } from '../data/column.js'
import type { Table } from '../data/table.js'
import type { Answers } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import { chooseClasses, type TableModel } from './table-model.js'

/** Quotes where a comma, quote, newline or outer space would be misread. */
export function csvCell(text: string): string {
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Cells as a line. */
export const line = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\n`

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
  for (const wanted of ['prediction', ...classes.map(name => `probability_${name}`)])
    names.push(freeName(wanted, names))
  return names
}

/** The name, or with `_1`, `_2`, … where it is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted
  for (let i = 1; taken.includes(name); i++) name = `${wanted}_${i}`
  return name
}

/** The first line of a table with what was predicted for it. */
export function predictedHeader(names: readonly string[], classes: readonly string[]): string {
  return line(uniqueNames(names, classes))
}

/** A table's rows with what the model says of each: its outputs, row-major. */
export function predictedRows(table: Table, outputs: Float64Array, model: TableModel): string {
  const { classes } = model
  const writers = table.columns.map(cellWriter)
  const labels = model.encoder
    .decode(Array.from(classes.keys()))
    .map(label => csvCell(String(label)))
  const chosen =
    model.task === 'classification'
      ? chooseClasses(outputs, classes.length, model.facts.threshold)
      : undefined
  let text = ''
  for (let row = 0; row < table.rows; row++) {
    for (const write of writers) text += `${write(row)},`
    if (chosen === undefined) text += outputs[row]
    else {
      text += labels[chosen[row]]
      for (let c = 0; c < classes.length; c++)
        text += `,${probabilityText(outputs[row * classes.length + c])}`
    }
    text += '\n'
  }
  return text
}

/** A column's cells as they stand in a CSV file; each of its texts is quoted once. */
export function cellWriter(column: Column): (row: number) => string {
  if (column.kind === 'code') {
    const { codes } = column
    const texts = new Map<number, string>()
    return row => {
      let text = texts.get(codes[row])
      if (text === undefined) {
        text = csvCell(cellText(column, row))
        texts.set(codes[row], text)
      }
      return text
    }
  }
  return row => csvCell(cellText(column, row))
}

export function probabilityText(value: number): string {
  return String(Number(value.toPrecision(7)))
}
