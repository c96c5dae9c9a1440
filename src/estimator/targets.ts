// What is to be predicted, in whichever form it comes: numbers for a regressor, labels for a classifier.

import { AthanorError, argumentError, shapeError } from '../base/errors.js'
import { compareLabels, distinctLabels, type Label, type Labels } from '../base/label.js'
import { type Column, cellValue, columnLength } from '../data/column.js'
import { Dataset } from '../data/dataset.js'
import { Table } from '../data/table.js'
import { Tensor } from '../tensor/tensor.js'
import { isTableLike, type MatrixLike, type RecordRow } from './matrix.js'

/** Targets: an array, a typed array, a Tensor of one axis, a column, or a column's name in the features' table. */
export type Targets = Labels | Tensor | Column | string

/** The targets as one array; a name is looked up among the columns of `x`. */
export async function targetsOf(
  operation: string,
  x: MatrixLike | unknown,
  y: Targets,
): Promise<Labels> {
  if (typeof y === 'string') return columnNamed(operation, x, y)
  if (y instanceof Tensor) {
    if (y.rank !== 1 && !(y.rank === 2 && y.shape[1] === 1))
      throw shapeError(operation, 'targets of one axis', `${y.rank} axes`)
    return (await y.data()) as ArrayLike<number>
  }
  if (isColumn(y)) return columnValues(y)
  if (Array.isArray(y) || (ArrayBuffer.isView(y) && !(y instanceof DataView))) return y as Labels
  throw argumentError(operation, 'targets: an array, a Tensor or a column', describe(y))
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : value === null ? 'null' : typeof value
}

function isColumn(value: unknown): value is Column {
  const kind = (value as Partial<Column> | null | undefined)?.kind
  return kind === 'number' || kind === 'code'
}

async function columnNamed(operation: string, x: unknown, name: string): Promise<Labels> {
  if (!isTableLike(x))
    throw argumentError(
      operation,
      'targets as an array, since the features have no column names',
      `the name '${name}'`,
    )
  if (x instanceof Table) return columnValues(x.column(name))
  if (x instanceof Dataset) return columnValues((await x.table([name])).column(name))
  const values = (x as readonly RecordRow[]).map(row =>
    Object.hasOwn(row, name) ? row[name] : null,
  )
  if (values.every(value => value === null))
    throw argumentError(operation, `a column '${name}' in the rows`, 'none')
  return values as Label[]
}

function columnValues(column: Column): Labels {
  if (column.kind === 'number') return column.values
  return Array.from({ length: columnLength(column) }, (_, row) => cellValue(column, row) as Label)
}

/** One finite number a row. Errors: SHAPE for another length, DATA for anything else. */
export function numericTargets(operation: string, y: Labels, rows: number): Float64Array {
  if (y.length !== rows) throw shapeError(operation, `${rows} targets, one a row`, String(y.length))
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const value = y[i]
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new AthanorError('DATA', {
        operation,
        expected: 'finite targets',
        received: `${value} at row ${i}`,
        fix: 'Leave rows without a target out',
      })
    out[i] = value
  }
  return out
}

export interface EncodedLabels {
  /** Ascending. */
  readonly classes: readonly Label[]
  /** Each row's place among the classes. */
  readonly codes: Int32Array
}

/**
 * Labels as places among the classes: those given, or the distinct ones there are.
 * Errors: SHAPE for another length; DATA for labels that are missing, NaN or of several kinds;
 * ARGUMENT for classes that are not ascending, and for labels that are not among them.
 */
export function encodeLabels(
  operation: string,
  y: Labels,
  rows: number,
  given: readonly Label[] | undefined,
): EncodedLabels {
  if (y.length !== rows) throw shapeError(operation, `${rows} targets, one a row`, String(y.length))
  const kind = rows === 0 ? 'number' : typeof y[0]
  for (let i = 0; i < rows; i++) {
    const label = y[i]
    const known = kind === 'number' || kind === 'string' || kind === 'boolean'
    if (!known || typeof label !== kind || (kind === 'number' && !Number.isFinite(label)))
      throw new AthanorError('DATA', {
        operation,
        expected: 'labels of one kind: finite numbers, texts or booleans',
        received: `${label === null ? 'null' : `${label}`} (${typeof label}) at row ${i}`,
        fix: 'Leave rows without a label out',
      })
  }
  const classes = given ?? distinctLabels(y)
  if (classes.some((label, i) => i > 0 && compareLabels(classes[i - 1], label) >= 0))
    throw argumentError(operation, 'classes in ascending order', `[${classes.join(', ')}]`)
  const place = new Map(classes.map((label, i) => [label, i]))
  const codes = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    const code = place.get(y[i])
    if (code === undefined)
      throw argumentError(operation, 'labels among the classes given', `${y[i]} at row ${i}`)
    codes[i] = code
  }
  return { classes: [...classes], codes }
}

/** Labels by their places: numbers in a Float64Array, others in an array. */
export function decodeLabels(
  codes: ArrayLike<number>,
  classes: readonly Label[],
): Float64Array | Label[] {
  if (typeof classes[0] === 'number')
    return Float64Array.from(codes, code => classes[code] as number)
  return Array.from(codes, code => classes[code])
}

/** Weights as float64, undefined where none were given. Errors: SHAPE, ARGUMENT. */
export function checkedWeights(
  operation: string,
  weights: ArrayLike<number> | undefined,
  rows: number,
): Float64Array | undefined {
  if (weights === undefined) return undefined
  if (weights.length !== rows)
    throw shapeError(operation, `${rows} weights, one a row`, String(weights.length))
  const copy = Float64Array.from(weights)
  if (!copy.every(w => Number.isFinite(w) && w >= 0) || !copy.some(w => w > 0))
    throw argumentError(operation, 'weights of 0 or more, one at least above 0', 'others')
  return copy
}
