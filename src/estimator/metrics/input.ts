// What every metric checks before it counts: lengths, finite numbers, weights, labels.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import { OptionTable } from '../../base/options.js'
import { tested, valueWords } from '../../base/value-kinds.js'
import {
  checkLabelList,
  checkLabels,
  type EncodedLabels,
  encodeLabels,
  type LabelKind,
  positiveLabel,
} from './labels.js'

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

/** Refuses what has no rows at all: undefined, a number, a text. */
function requireColumn(operation: string, name: string, values: ArrayLike<unknown>): void {
  if (typeof values !== 'object' || values === null || !Number.isInteger(values.length))
    throw argumentError(operation, `a list, one value a row, as ${name}`, valueWords(values))
}

/** Refuses NaN, infinities and what is no number. */
export function requireFinite(operation: string, name: string, values: Values): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new AthanorError('DATA', {
        operation,
        expected: `finite numbers in ${name}`,
        received: `${valueWords(values[i])} at row ${i}`,
        fix: 'Leave such rows out, or look for what made them',
      })
  }
}

function requireRows(operation: string, rows: number): void {
  if (rows === 0)
    throw new AthanorError('DATA', { operation, expected: 'at least one row', received: 'none' })
}

function requireLength(
  operation: string,
  name: string,
  values: ArrayLike<unknown>,
  rows: number,
  truth = 'yTrue',
): void {
  if (values.length !== rows)
    throw shapeError(
      operation,
      `${rows} values in ${name}, one for each of ${truth}`,
      `${values.length}`,
    )
}

/** Weights: finite, 0 or more, one a row, at least one above 0. */
export function requireWeights(operation: string, weights: Values | undefined, rows: number): void {
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

/** Checks two columns of numbers, equally long, and returns the number of rows. */
export function checkPair(
  operation: string,
  yTrue: Values,
  yPred: Values,
  weights?: Values,
  predName = 'yPred',
): number {
  requireColumn(operation, 'yTrue', yTrue)
  requireColumn(operation, predName, yPred)
  const rows = yTrue.length
  requireRows(operation, rows)
  requireLength(operation, predName, yPred, rows)
  requireFinite(operation, 'yTrue', yTrue)
  requireFinite(operation, predName, yPred)
  requireWeights(operation, weights, rows)
  return rows
}

/** Names of two columns of labels in errors. */
export type PairNames = readonly [truth: string, prediction: string]

/** Checks two columns of labels, equally long and, unless they need not be, of one kind: the first's. */
export function checkLabelPair(
  operation: string,
  yTrue: Labels,
  yPred: Labels,
  weights?: Values,
  names: PairNames = ['yTrue', 'yPred'],
  areOneKind = true,
): LabelKind {
  requireColumn(operation, names[0], yTrue)
  requireColumn(operation, names[1], yPred)
  requireRows(operation, yTrue.length)
  requireLength(operation, names[1], yPred, yTrue.length, names[0])
  const kind = checkLabels(operation, names[0], yTrue)
  checkLabels(operation, names[1], yPred, areOneKind ? kind : undefined)
  requireWeights(operation, weights, yTrue.length)
  return kind
}

/** Checks labels and one score a row; returns the kind of the labels. */
export function checkScored(
  operation: string,
  yTrue: Labels,
  scores: Values,
  weights?: Values,
  name = 'yScore',
): LabelKind {
  requireColumn(operation, 'yTrue', yTrue)
  requireColumn(operation, name, scores)
  requireRows(operation, yTrue.length)
  requireLength(operation, name, scores, yTrue.length)
  const kind = checkLabels(operation, 'yTrue', yTrue)
  requireFinite(operation, name, scores)
  requireWeights(operation, weights, yTrue.length)
  return kind
}

export interface EncodedPair {
  readonly rows: number
  readonly kind: LabelKind
  /** The distinct labels of both columns, ascending, or those given. */
  readonly labels: readonly Label[]
  /** Place of each row's label in `labels`; -1 where it is not among those given. */
  readonly truth: Int32Array
  readonly predicted: Int32Array
}

/** Two columns of labels, checked and as places in one list of labels. */
export function encodePair(
  operation: string,
  yTrue: Labels,
  yPred: Labels,
  weights?: Values,
  given?: readonly Label[],
): EncodedPair {
  const kind = checkLabelPair(operation, yTrue, yPred, weights)
  if (given !== undefined) checkLabelList(operation, given, kind)
  const { labels, codes } = encodeLabels([yTrue, yPred], given)
  return { rows: yTrue.length, kind, labels, truth: codes[0], predicted: codes[1] }
}

/** A column of labels, checked and as places in its own list of labels. */
export function encodeColumn(
  operation: string,
  name: string,
  values: Labels,
): { readonly labels: readonly Label[]; readonly codes: Int32Array } {
  requireColumn(operation, name, values)
  checkLabels(operation, name, values)
  const { labels, codes }: EncodedLabels = encodeLabels([values])
  return { labels, codes: codes[0] }
}

export interface ScoreTable {
  readonly rows: number
  /** Columns of the scores. */
  readonly classes: number
  /** Row-major, `rows × classes`. */
  readonly values: Values
  readonly kind: LabelKind
}

/** Checks scores against the labels; flat scores are cut into as many columns as the rows allow. */
export function checkScores(
  operation: string,
  yTrue: Labels,
  scores: ClassScores,
  weights?: Values,
  name = 'yScore',
): ScoreTable {
  requireColumn(operation, 'yTrue', yTrue)
  requireColumn(operation, name, scores)
  const rows = yTrue.length
  requireRows(operation, rows)
  const values = flatten(operation, scores, rows)
  if (values.length === 0 || values.length % rows !== 0)
    throw shapeError(
      operation,
      `scores for ${rows} rows (a whole number of columns)`,
      `${values.length} values`,
    )
  const kind = checkLabels(operation, 'yTrue', yTrue)
  requireFinite(operation, name, values)
  requireWeights(operation, weights, rows)
  return { rows, classes: values.length / rows, values, kind }
}

function flatten(operation: string, scores: ClassScores, rows: number): Values {
  if (scores.length === 0 || typeof scores[0] !== 'object') return scores as Values
  const nested = scores as ArrayLike<ArrayLike<number>>
  if (nested.length !== rows)
    throw shapeError(operation, `${rows} rows of scores, one for each of yTrue`, `${nested.length}`)
  const classes = nested[0]?.length
  const flat = new Float64Array(rows * classes)
  for (let i = 0; i < rows; i++) {
    if (nested[i]?.length !== classes)
      throw shapeError(operation, `${classes} scores a row`, `${nested[i]?.length} in row ${i}`)
    for (let k = 0; k < classes; k++) flat[i * classes + k] = nested[i][k]
  }
  return flat
}

/** One column of a table of scores. */
export function scoreColumn({ values, rows, classes }: ScoreTable, column: number): Values {
  if (classes === 1) return values
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) out[i] = values[i * classes + column]
  return out
}

/**
 * For each row the column of its class. The columns stand for `labels` in that order; without them,
 * for 0, 1, 2, … or, where yTrue holds others, for its distinct labels ascending if all are there.
 */
export function classColumns(
  operation: string,
  yTrue: Labels,
  { classes, kind }: ScoreTable,
  labels?: readonly Label[],
): Int32Array {
  if (labels === undefined && kind.isWhole) {
    let fits = true
    for (let i = 0; i < yTrue.length && fits; i++)
      fits = (yTrue[i] as number) >= 0 && (yTrue[i] as number) < classes
    if (fits) return new Int32Array(yTrue as ArrayLike<number>)
  }
  if (labels !== undefined) {
    checkLabelList(operation, labels, kind)
    if (labels.length !== classes)
      throw argumentError(
        operation,
        `${classes} labels, one a column of scores`,
        `${labels.length}`,
      )
  }
  const { labels: columns, codes } = encodeLabels([yTrue], labels)
  const missing = codes[0].indexOf(-1)
  if (labels === undefined ? columns.length !== classes : missing >= 0) {
    const numbers = labels === undefined && kind.type === 'number'
    throw argumentError(
      operation,
      numbers
        ? `labels from 0 to ${classes - 1}, the columns of the scores`
        : `labels of ${classes} classes, the columns of the scores`,
      labels === undefined
        ? `${columns.length} classes in yTrue: ${listed(columns)}`
        : `${valueWords(yTrue[missing])} at row ${missing}, which labels lacks`,
      'Name the class of each column with labels',
    )
  }
  return codes[0]
}

function listed(labels: readonly Label[]): string {
  return `${labels.slice(0, 5).join(', ')}${labels.length > 5 ? ', …' : ''}`
}

/** For a metric of two classes: 1 for the rows of the positive one. Labels are checked. */
export function positiveRows(
  operation: string,
  yTrue: Labels,
  kind: LabelKind,
  positive: Label | undefined,
  labels?: readonly Label[],
): Uint8Array {
  if (labels !== undefined) {
    checkLabelList(operation, labels, kind)
    if (labels.length !== 2)
      throw argumentError(operation, 'two labels, for scores of two classes', `${labels.length}`)
  }
  const wanted = positiveLabel(operation, kind, positive, labels)
  const out = new Uint8Array(yTrue.length)
  const first = yTrue[0]
  let second: Label | undefined
  for (let i = 0; i < out.length; i++) {
    const label = yTrue[i]
    if (label === wanted) out[i] = 1
    if (label === first || label === second) continue
    if (second === undefined) second = label
    else
      throw argumentError(
        operation,
        'two classes in yTrue',
        `${encodeLabels([yTrue]).labels.length}`,
        'Give scores of every class, one column each, or choose a metric for several classes',
      )
  }
  if (second !== undefined && first !== wanted && second !== wanted)
    throw argumentError(
      operation,
      `the positive label to be one of ${first} and ${second}`,
      `${wanted}`,
    )
  return out
}

/** Σ w·value ÷ Σ w. */
export function weightedMean(
  rows: number,
  value: (row: number) => number,
  weights: Values | undefined,
): number {
  if (weights === undefined) {
    let sum = 0
    for (let i = 0; i < rows; i++) sum += value(i)
    return sum / rows
  }
  let sum = 0
  let total = 0
  for (let i = 0; i < rows; i++) {
    sum += weights[i] * value(i)
    total += weights[i]
  }
  return sum / total
}

/** The sum of the weights; the number of rows where there are none. */
export function totalWeight(rows: number, weights: Values | undefined): number {
  if (weights === undefined) return rows
  let total = 0
  for (let i = 0; i < rows; i++) total += weights[i]
  return total
}
