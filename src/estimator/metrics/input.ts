// What every metric checks before it counts: lengths, finite numbers, weights, labels.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { tested } from '../../base/value-kinds.js'

/** Numbers as a metric takes them: an array or a typed array. */
export type Values = ArrayLike<number>

/** Scores of several classes: flat and row-major (`rows × classes`), or one array a row. */
export type ClassScores = Values | ArrayLike<ArrayLike<number>>

/** The option that weighs rows. */
export interface Weighted {
  /** Weight of each row, 0 or more; all rows weigh 1 when left out. */
  readonly sampleWeight?: Values
}

const isColumn = (value: unknown) =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

export const weighted = new OptionTable<Weighted>({
  sampleWeight: tested('a list of weights', isColumn, [1, 'x', null]),
})

function requireFinite(operation: string, name: string, values: Values): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new AthanorError('DATA', {
        operation,
        expected: `finite numbers in ${name}`,
        received: `${values[i]} at row ${i}`,
        fix: 'Leave such rows out, or look for what made them',
      })
  }
}

function requireRows(operation: string, rows: number): void {
  if (rows === 0)
    throw new AthanorError('DATA', { operation, expected: 'at least one row', received: 'none' })
}

function requireLength(operation: string, name: string, values: Values, rows: number): void {
  if (values.length !== rows)
    throw shapeError(
      operation,
      `${rows} values in ${name}, one for each of yTrue`,
      `${values.length}`,
    )
}

function requireWeights(operation: string, weights: Values | undefined, rows: number): void {
  if (weights === undefined) return
  requireLength(operation, 'sampleWeight', weights, rows)
  requireFinite(operation, 'sampleWeight', weights)
  let sum = 0
  for (let i = 0; i < rows; i++) {
    if (weights[i] < 0)
      throw argumentError(operation, 'weights of 0 or more', `${weights[i]} at row ${i}`)
    sum += weights[i]
  }
  if (sum === 0) throw argumentError(operation, 'at least one weight above 0', 'zeros alone')
}

/** Checks two columns of equal length and returns the number of rows. */
export function checkPair(
  operation: string,
  yTrue: Values,
  yPred: Values,
  weights?: Values,
  predName = 'yPred',
): number {
  const rows = yTrue.length
  requireRows(operation, rows)
  requireLength(operation, predName, yPred, rows)
  requireFinite(operation, 'yTrue', yTrue)
  requireFinite(operation, predName, yPred)
  requireWeights(operation, weights, rows)
  return rows
}

export interface ScoreTable {
  readonly rows: number
  readonly classes: number
  /** Row-major, `rows × classes`. */
  readonly values: Values
}

/** Checks scores against the labels; flat scores are cut into as many columns as the rows allow. */
export function checkScores(
  operation: string,
  yTrue: Values,
  scores: ClassScores,
  weights?: Values,
): ScoreTable {
  const rows = yTrue.length
  requireRows(operation, rows)
  const values = flatten(operation, scores, rows)
  if (values.length === 0 || values.length % rows !== 0)
    throw shapeError(
      operation,
      `scores for ${rows} rows (a whole number of columns)`,
      `${values.length} values`,
    )
  requireFinite(operation, 'yTrue', yTrue)
  requireFinite(operation, 'yScore', values)
  requireWeights(operation, weights, rows)
  return { rows, classes: values.length / rows, values }
}

function flatten(operation: string, scores: ClassScores, rows: number): Values {
  if (scores.length === 0 || typeof scores[0] === 'number') return scores as Values
  const nested = scores as ArrayLike<ArrayLike<number>>
  if (nested.length !== rows)
    throw shapeError(operation, `${rows} rows of scores, one for each of yTrue`, `${nested.length}`)
  const classes = nested[0].length
  const flat = new Float64Array(rows * classes)
  for (let i = 0; i < rows; i++) {
    if (nested[i].length !== classes)
      throw shapeError(operation, `${classes} scores a row`, `${nested[i].length} in row ${i}`)
    for (let k = 0; k < classes; k++) flat[i * classes + k] = nested[i][k]
  }
  return flat
}

/** Labels that are columns of the scores: whole numbers from 0 to classes - 1. */
export function requireClassIds(operation: string, yTrue: Values, classes: number): void {
  for (let i = 0; i < yTrue.length; i++) {
    const label = yTrue[i]
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw argumentError(
        operation,
        `labels from 0 to ${classes - 1}, the columns of the scores`,
        `${label} at row ${i}`,
      )
  }
}

/** The distinct labels of both columns, ascending. */
export function distinctLabels(...columns: Values[]): number[] {
  const seen = new Set<number>()
  for (const column of columns) for (let i = 0; i < column.length; i++) seen.add(column[i])
  return [...seen].sort((a, b) => a - b)
}

/** For a binary metric: at most two labels, of which `positive` is one when there are two. */
export function requireBinary(operation: string, yTrue: Values, positive: number): void {
  const labels = distinctLabels(yTrue)
  if (labels.length > 2)
    throw argumentError(
      operation,
      'two classes in yTrue',
      `${labels.length}`,
      'Give scores of every class, one column each, or choose a metric for several classes',
    )
  if (labels.length === 2 && !labels.includes(positive))
    throw argumentError(
      operation,
      `the positive label to be one of ${labels.join(' and ')}`,
      `${positive}`,
    )
}

/** Σ w·value ÷ Σ w. */
export function weightedMean(
  rows: number,
  value: (row: number) => number,
  weights: Values | undefined,
): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < rows; i++) {
    const w = weights === undefined ? 1 : weights[i]
    sum += w * value(i)
    total += w
  }
  return sum / total
}
