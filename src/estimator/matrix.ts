// The features that estimators take, in whichever form they come, as one matrix: dense and row-major,
// or sparse.

import { AthanorError, shapeError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import type { Column } from '../data/column.js'
import { Dataset } from '../data/dataset.js'
import { namesOf, Table } from '../data/table.js'
import type { FeatureMatrix } from '../features/feature-matrix.js'
import { Tensor } from '../tensor/tensor.js'
import { RawColumns } from './raw-columns.js'
import { SparseMatrix } from './sparse.js'

/** Row-major features of either precision. */
export interface Matrix {
  readonly x: Float32Array | Float64Array
  readonly rows: number
  readonly width: number
  /** Names of the columns, where they have any. */
  readonly names?: readonly string[]
}

/** What all forms of features have, once they are read. */
export interface Features {
  readonly rows: number
  readonly width: number
  readonly names?: readonly string[] | undefined
}

/** A row as an object: column names and values. */
export type RecordRow = Readonly<Record<string, unknown>>

/** Rows with named columns. */
export type TableLike = Table | Dataset | readonly RecordRow[]

/** Features as estimators take them: arrays of rows, a typed array with its width, tensors, tables. */
export type MatrixLike =
  | FeatureMatrix
  | Matrix
  | SparseMatrix
  | Tensor
  | readonly ArrayLike<number>[]
  | readonly (readonly (number | boolean | null | undefined)[])[]
  | TableLike
  | RawColumns

/** A cell of a row that is an array; null, undefined and NaN are missing values. */
export type Cell = number | string | boolean | null | undefined

/** Everything that some estimator takes: numbers, and for encoders and the like texts and categories. */
export type FeaturesLike = MatrixLike | readonly (readonly Cell[])[] | readonly string[] | Column

/** What an estimator asks of its features. */
export interface MatrixNeeds {
  /** Features that it learned from, and their names. */
  readonly width?: number
  readonly names?: readonly string[]
  /** A column that may be there and is not looked at: the target, in a table with named columns. */
  readonly ignored?: string
  /** NaN counts as a missing value instead of an error. */
  readonly allowNaN?: boolean
  /** Sparse features are taken as they are; otherwise they are an error. */
  readonly sparse?: boolean
  /** Values of a dense matrix are not looked at: the caller does (`requireFinite`) where its result shows any. */
  readonly uncheckedValues?: boolean
}

export function isSparse(x: Matrix | SparseMatrix): x is SparseMatrix {
  return x instanceof SparseMatrix
}

/** Whether the columns have names of their own. */
export function isTableLike(x: unknown): x is TableLike {
  return (
    x instanceof Table ||
    x instanceof Dataset ||
    (Array.isArray(x) && x.length > 0 && isRecord(x[0]))
  )
}

export function isRecord(value: unknown): value is RecordRow {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Tensor)
  )
}

/**
 * The features as a matrix of at least one row and one column, all finite.
 *
 * Errors: DATA for no rows or columns, for NaN or infinity (with the place), for columns of texts or
 * dates, and for sparse features where they are not taken; SHAPE for ragged rows and for another
 * width than in fit; DATA for other column names than in fit.
 */
export async function matrixOf(
  operation: string,
  x: MatrixLike,
  needs: MatrixNeeds = {},
): Promise<Matrix | SparseMatrix> {
  const matrix = await convert(operation, x, needs)
  if (matrix.rows === 0 || matrix.width === 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'at least one row and one feature',
      received: `[${matrix.rows}, ${matrix.width}]`,
    })
  if (needs.width !== undefined && matrix.width !== needs.width)
    throw shapeError(operation, `${needs.width} features, as in fit`, String(matrix.width))
  if (isSparse(matrix)) {
    if (needs.sparse !== true)
      throw new AthanorError('DATA', {
        operation,
        expected: 'dense features',
        received: `a SparseMatrix [${matrix.rows}, ${matrix.width}]`,
        fix: 'Pass x.toDense(), reduce it with TruncatedSVD, or use an estimator that takes sparse features',
      })
    checkValues(operation, matrix.values, needs, n => {
      let row = 0
      while (matrix.indptr[row + 1] <= n) row++
      return `row ${row}, feature ${matrix.indices[n]}`
    })
    return matrix
  }
  if (matrix.x.length !== matrix.rows * matrix.width)
    throw shapeError(
      operation,
      `${matrix.rows * matrix.width} values for [${matrix.rows}, ${matrix.width}]`,
      String(matrix.x.length),
    )
  if (needs.uncheckedValues !== true) requireFinite(operation, matrix, needs)
  return matrix
}

/** Errors: DATA for NaN (unless `allowNaN`) and infinity in a dense matrix, with the place. */
export function requireFinite(
  operation: string,
  { x, width, names }: Matrix,
  needs: MatrixNeeds = {},
): void {
  checkValues(operation, x, needs, i => {
    const feature = i % width
    const name = names === undefined ? feature : `'${names[feature]}'`
    return `row ${Math.floor(i / width)}, feature ${name}`
  })
}

/** The same, dense. */
export async function denseMatrixOf(
  operation: string,
  x: MatrixLike,
  needs: Omit<MatrixNeeds, 'sparse'> = {},
): Promise<Matrix> {
  return (await matrixOf(operation, x, needs)) as Matrix
}

function checkValues(
  operation: string,
  values: Float32Array | Float64Array,
  { allowNaN }: MatrixNeeds,
  place: (index: number) => string,
): void {
  if (isAllFinite(values)) return
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (Number.isFinite(value) || (allowNaN === true && Number.isNaN(value))) continue
    throw new AthanorError('DATA', {
      operation,
      expected: allowNaN === true ? 'finite or missing (NaN) features' : 'finite features',
      received: `${value} at ${place(i)}`,
      fix: Number.isNaN(value)
        ? 'Impute missing values first, for instance with SimpleImputer'
        : 'Clip such values, or set them to NaN where missing values are taken',
    })
  }
}

/** Whether no value is NaN or infinite, by their exponents: bits are looked at faster than numbers. */
export function isAllFinite(values: Float32Array | Float64Array): boolean {
  const { buffer, byteOffset, byteLength } = values
  const words = new Int32Array(buffer, byteOffset, byteLength / 4)
  return values instanceof Float32Array ? areFinite32(words) : areFinite64(words)
}

/** An exponent of ones and one more becomes the sign. */
function areFinite32(words: Int32Array): boolean {
  const { length } = words
  let a = 0
  let b = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    a |= ((words[i] & 0x7fffffff) + 0x00800000) | ((words[i + 1] & 0x7fffffff) + 0x00800000)
    b |= ((words[i + 2] & 0x7fffffff) + 0x00800000) | ((words[i + 3] & 0x7fffffff) + 0x00800000)
  }
  for (; i < length; i++) a |= (words[i] & 0x7fffffff) + 0x00800000
  return (a | b) >= 0
}

/** The exponent is in the second word of two (little-endian). */
function areFinite64(words: Int32Array): boolean {
  const { length } = words
  let a = 0
  let b = 0
  let i = 1
  for (; i + 6 < length; i += 8) {
    a |= ((words[i] & 0x7fffffff) + 0x00100000) | ((words[i + 2] & 0x7fffffff) + 0x00100000)
    b |= ((words[i + 4] & 0x7fffffff) + 0x00100000) | ((words[i + 6] & 0x7fffffff) + 0x00100000)
  }
  for (; i < length; i += 2) a |= (words[i] & 0x7fffffff) + 0x00100000
  return (a | b) >= 0
}

async function convert(
  operation: string,
  x: MatrixLike,
  needs: MatrixNeeds,
): Promise<Matrix | SparseMatrix> {
  if (x instanceof SparseMatrix) return x
  if (x instanceof Tensor) return fromTensor(operation, x)
  if (x instanceof Table) return fromTable(operation, x, needs)
  if (x instanceof RawColumns) {
    if (x.named) return fromTable(operation, x.table, needs)
    const { names: _, ...unnamed } = fromTable(operation, x.table, {})
    return unnamed
  }
  if (x instanceof Dataset) {
    const names = needs.names ?? x.names.filter(name => name !== needs.ignored)
    requireNames(operation, x.names, needs)
    return fromTable(operation, await x.table(names), needs)
  }
  if (Array.isArray(x)) {
    if (x.length > 0 && isRecord(x[0])) return fromRecords(operation, x, needs)
    return fromRows(operation, x)
  }
  if (isRecord(x) && 'x' in x && 'rows' in x && 'width' in x) return x as Matrix
  throw new AthanorError('DATA', {
    operation,
    expected: 'features: rows, a typed array with rows and width, a Tensor, a Table or a Dataset',
    received: x === null ? 'null' : typeof x,
  })
}

async function fromTensor(operation: string, x: Tensor): Promise<Matrix> {
  if (x.rank !== 2)
    throw shapeError(operation, 'a tensor of two axes [rows, features]', `${x.rank} axes`)
  const values = await x.data()
  const [rows, width] = x.shape
  return {
    x:
      values instanceof Float32Array || values instanceof Float64Array
        ? values
        : Float64Array.from(values as ArrayLike<number>),
    rows,
    width,
  }
}

function fromRows(operation: string, rows: readonly ArrayLike<number>[]): Matrix {
  const width = rows.length === 0 ? 0 : rows[0].length
  if (width === undefined) throw notRows(operation, rows[0])
  const x = new Float64Array(rows.length * width)
  rows.forEach((row, r) => {
    if (row === null || typeof row !== 'object') throw notRows(operation, row)
    if (row.length !== width)
      throw shapeError(operation, `${width} features in every row`, `${row.length} in row ${r}`)
    for (let j = 0; j < width; j++) {
      const value: unknown = row[j]
      if (typeof value === 'number') x[r * width + j] = value
      else if (typeof value === 'boolean') x[r * width + j] = value ? 1 : 0
      else if (value === null || value === undefined) x[r * width + j] = Number.NaN
      else throw notANumber(operation, `row ${r}, feature ${j}`, value)
    }
  })
  return { x, rows: rows.length, width }
}

export function notRows(operation: string, received: unknown): AthanorError {
  return new AthanorError('DATA', {
    operation,
    expected: 'rows, each an array of numbers or an object',
    received: received === null ? 'null' : typeof received,
    fix: 'One feature a row is written [[1], [2], [3]]',
  })
}

function notANumber(operation: string, place: string, value: unknown): AthanorError {
  return new AthanorError('DATA', {
    operation,
    expected: 'numbers as features',
    received: `${typeof value === 'string' ? `'${value}'` : typeof value} at ${place}`,
    fix: 'Encode categories with OneHotEncoder or OrdinalEncoder (in a ColumnTransformer), or texts with TfidfVectorizer',
  })
}

/** The columns there are against those of fit, if these are known; which to take, in what order. */
export function requireNames(
  operation: string,
  found: readonly string[],
  { names, ignored }: MatrixNeeds,
): readonly string[] {
  if (names === undefined) return found.filter(name => name !== ignored)
  const there = new Set(found)
  for (const name of names)
    if (!there.has(name))
      throw new AthanorError('DATA', {
        operation,
        expected: `the columns of fit, '${name}' among them`,
        received: found.join(', '),
        fix: suggestName(name, found),
      })
  const known = new Set(names)
  for (const name of found)
    if (!known.has(name) && name !== ignored)
      throw new AthanorError('DATA', {
        operation,
        expected: `the columns of fit (${names.join(', ')})`,
        received: `'${name}', which was not there`,
        fix: 'Leave the column out',
      })
  return names
}

function fromRecords(operation: string, rows: readonly RecordRow[], needs: MatrixNeeds): Matrix {
  const names = requireNames(operation, namesOf(rows), needs)
  const width = names.length
  const x = new Float64Array(rows.length * width)
  rows.forEach((row, r) => {
    for (let j = 0; j < width; j++) {
      const value = Object.hasOwn(row, names[j]) ? row[names[j]] : undefined
      x[r * width + j] =
        typeof value === 'number'
          ? value
          : value === null || value === undefined
            ? Number.NaN
            : typeof value === 'boolean'
              ? Number(value)
              : Number.POSITIVE_INFINITY
      if (typeof value === 'string' || typeof value === 'object')
        if (value !== null) throw notANumber(operation, `row ${r}, feature '${names[j]}'`, value)
    }
  })
  return { x, rows: rows.length, width, names }
}

function fromTable(operation: string, table: Table, needs: MatrixNeeds): Matrix {
  const names = requireNames(operation, table.names, needs)
  const width = names.length
  const x = new Float64Array(table.rows * width)
  for (const [j, name] of names.entries()) writeColumn(operation, table.column(name), x, j, width)
  return { x, rows: table.rows, width, names }
}

function writeColumn(
  operation: string,
  column: Column,
  x: Float64Array,
  at: number,
  width: number,
): void {
  if (column.kind === 'number') {
    if (column.type === 'datetime') throw notNumeric(operation, column, 'dates')
    const { values } = column
    for (let r = 0; r < values.length; r++) x[r * width + at] = values[r]
    return
  }
  const numbers = column.categories.map(text =>
    text === 'true' ? 1 : text === 'false' ? 0 : text.trim() === '' ? Number.NaN : Number(text),
  )
  if (column.type !== 'boolean' || numbers.some(Number.isNaN))
    throw notNumeric(operation, column, `texts such as '${column.categories[0] ?? ''}'`)
  const { codes } = column
  for (let r = 0; r < codes.length; r++)
    x[r * width + at] = codes[r] < 0 ? Number.NaN : numbers[codes[r]]
}

function notNumeric(operation: string, column: Column, what: string): AthanorError {
  return new AthanorError('DATA', {
    operation,
    expected: 'columns of numbers',
    received: `'${column.name}', which holds ${what}`,
    fix: 'Encode it first, for instance with OneHotEncoder in a ColumnTransformer, or leave it out',
  })
}

/** The rows named, as a matrix of their own. */
export function takeRows<M extends Matrix | SparseMatrix>(matrix: M, rowIds: ArrayLike<number>): M {
  if (isSparse(matrix)) return matrix.take(rowIds) as M
  const { x, width, names } = matrix
  const rows = rowIds.length
  const out =
    x instanceof Float32Array ? new Float32Array(rows * width) : new Float64Array(rows * width)
  for (let r = 0; r < rows; r++)
    out.set(x.subarray(rowIds[r] * width, (rowIds[r] + 1) * width), r * width)
  return { x: out, rows, width, ...(names === undefined ? {} : { names }) } as Matrix as M
}
