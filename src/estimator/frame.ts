// Features in whichever form they come as columns of numbers, texts or truth values. Nothing is sniffed:
// the text '1' stays a text, '' stays a text; null, undefined and NaN are missing.

import { AthanorError, shapeError } from '../base/errors.js'
import { CodeBuilder, type Column, columnLength, isMissing } from '../data/column.js'
import { Dataset } from '../data/dataset.js'
import { namesOf, Table } from '../data/table.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  type FeaturesLike,
  isRecord,
  isSparse,
  type Matrix,
  type MatrixNeeds,
  matrixOf,
  notRows,
  type RecordRow,
  requireNames,
} from './matrix.js'
import { RawColumns } from './raw-columns.js'
import { SparseMatrix } from './sparse.js'

export interface FrameNeeds extends Omit<MatrixNeeds, 'sparse'> {
  /** Columns of fit that may be absent, since nothing is done with them. */
  readonly optional?: ReadonlySet<string>
}

/**
 * The features as columns of at least one row.
 *
 * Errors: DATA for no rows or columns, for values of two kinds in one column, for infinities, and for
 * missing values where `allowNaN` isn't set; SHAPE for ragged rows and another width than in fit; DATA
 * for other column names than in fit.
 */
export async function frameOf(
  operation: string,
  x: FeaturesLike,
  needs: FrameNeeds = {},
): Promise<RawColumns> {
  const frame = await convert(operation, x, needs)
  if (frame.rows === 0 || frame.width === 0)
    throw new AthanorError('DATA', {
      operation,
      expected: 'at least one row and one column',
      received: `[${frame.rows}, ${frame.width}]`,
    })
  if (needs.width !== undefined && frame.width !== needs.width)
    throw shapeError(operation, `${needs.width} columns, as in fit`, String(frame.width))
  for (const column of frame.columns) checkColumn(operation, column, needs.allowNaN === true)
  return frame
}

function checkColumn(operation: string, column: Column, allowNaN: boolean): void {
  const refuse = (row: number, value: string) => {
    throw new AthanorError('DATA', {
      operation,
      expected: allowNaN ? 'finite or missing values' : 'no missing and no infinite values',
      received: `${value} in row ${row} of column '${column.name}'`,
      fix: value === 'a missing one' ? 'Impute first, for instance with SimpleImputer' : undefined,
    })
  }
  const rows = columnLength(column)
  if (!allowNaN) for (let r = 0; r < rows; r++) if (isMissing(column, r)) refuse(r, 'a missing one')
  if (column.kind !== 'number') return
  const { values } = column
  for (let r = 0; r < rows; r++)
    if (values[r] - values[r] !== 0 && !Number.isNaN(values[r])) refuse(r, String(values[r]))
}

async function convert(operation: string, x: FeaturesLike, needs: FrameNeeds): Promise<RawColumns> {
  if (x instanceof RawColumns) return x.named ? fromTable(operation, x.table, needs) : x
  if (x instanceof Table) return fromTable(operation, x, needs)
  if (x instanceof Dataset) {
    const { names, optional } = needs
    requireFrameNames(operation, x.names, needs)
    const wanted = (names ?? x.names.filter(name => name !== needs.ignored)).filter(
      name => !(optional?.has(name) === true && !x.names.includes(name)),
    )
    return fromTable(operation, await x.table(wanted), needs)
  }
  if (isColumn(x)) return new RawColumns(new Table([x]), true)
  if (Array.isArray(x) && x.length > 0 && isRecord(x[0]))
    return fromRecords(operation, x as readonly RecordRow[], needs)
  if (Array.isArray(x)) return fromRows(operation, x)
  if (x instanceof SparseMatrix)
    throw new AthanorError('DATA', {
      operation,
      expected: 'columns',
      received: `a SparseMatrix [${x.rows}, ${x.width}]`,
      fix: 'Pass x.toDense()',
    })
  const matrix = await matrixOf(operation, x as Matrix | Tensor, { allowNaN: true })
  return isSparse(matrix) ? fromRows(operation, []) : columnsOfMatrix(matrix)
}

function isColumn(x: unknown): x is Column {
  return isRecord(x) && (x.kind === 'number' || x.kind === 'code') && typeof x.name === 'string'
}

/** Rows that are moved together between rows and columns, so that they stay in the cache. */
export const transposedRows = 128

/** A dense matrix as columns of numbers. */
export function columnsOfMatrix({ x, rows, width, names }: Matrix): RawColumns {
  const values = Array.from({ length: width }, () => new Float64Array(rows))
  for (let from = 0; from < rows; from += transposedRows) {
    const to = Math.min(rows, from + transposedRows)
    for (let j = 0; j < width; j++) {
      const column = values[j]
      for (let r = from; r < to; r++) column[r] = x[r * width + j]
    }
  }
  const columns = values.map(
    (column, j): Column => ({
      kind: 'number',
      name: names?.[j] ?? `x${j}`,
      type: 'numeric',
      values: column,
    }),
  )
  return new RawColumns(new Table(columns, rows), names !== undefined)
}

/** The names to take, those that may be absent aside. */
function requireFrameNames(
  operation: string,
  found: readonly string[],
  { names, optional, ignored }: FrameNeeds,
): readonly string[] {
  if (names === undefined || optional === undefined)
    return requireNames(operation, found, { names, ignored })
  const there = new Set(found)
  const absent = names.filter(name => optional.has(name) && !there.has(name))
  requireNames(operation, [...found, ...absent], { names, ignored })
  return names
}

function fromTable(operation: string, table: Table, needs: FrameNeeds): RawColumns {
  const names = requireFrameNames(operation, table.names, needs)
  const columns = names.map(name =>
    table.has(name) ? table.column(name) : emptyColumn(name, table.rows),
  )
  return new RawColumns(new Table(columns, table.rows), true)
}

function emptyColumn(name: string, rows: number): Column {
  return { kind: 'number', name, type: 'numeric', values: new Float64Array(rows).fill(Number.NaN) }
}

function fromRecords(operation: string, rows: readonly RecordRow[], needs: FrameNeeds): RawColumns {
  const names = requireFrameNames(operation, namesOf(rows), needs)
  const columns = names.map(name =>
    columnOfCells(
      operation,
      name,
      rows.map(row => (Object.hasOwn(row, name) ? row[name] : null)),
    ),
  )
  return new RawColumns(new Table(columns, rows.length), true)
}

function fromRows(operation: string, rows: readonly unknown[]): RawColumns {
  const isRow = (row: unknown): row is ArrayLike<unknown> =>
    Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView))
  const width = rows.length === 0 ? 0 : isRow(rows[0]) ? rows[0].length : -1
  rows.forEach((row, r) => {
    if (!isRow(row)) throw notRows(operation, row)
    if (row.length !== width)
      throw shapeError(operation, `${width} features in every row`, `${row.length} in row ${r}`)
  })
  const columns = Array.from({ length: width }, (_, j) =>
    columnOfCells(
      operation,
      `x${j}`,
      rows.map(row => (row as ArrayLike<unknown>)[j]),
    ),
  )
  return new RawColumns(new Table(columns, rows.length), false)
}

type Kind = 'number' | 'string' | 'boolean' | 'date'

function kindOf(value: unknown): Kind | 'missing' | undefined {
  if (value === null || value === undefined) return 'missing'
  if (typeof value === 'number') return Number.isNaN(value) ? 'missing' : 'number'
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? 'number' : undefined
  if (value instanceof Date) return 'date'
  return typeof value === 'string' || typeof value === 'boolean'
    ? (typeof value as Kind)
    : undefined
}

/** A column from cells of one kind; truth values among numbers count as 0 and 1. */
export function columnOfCells(operation: string, name: string, cells: readonly unknown[]): Column {
  const kind = commonKind(operation, name, cells)
  const rows = cells.length
  if (kind === 'string' || kind === 'boolean') {
    const builder = new CodeBuilder()
    const codes = new Int32Array(rows)
    for (let r = 0; r < rows; r++) {
      const cell = cells[r]
      codes[r] =
        typeof cell === 'string'
          ? builder.code(cell)
          : cell === true || cell === false
            ? builder.code(String(cell))
            : -1
    }
    const type = kind === 'boolean' ? 'boolean' : 'category'
    return { kind: 'code', name, type, codes, categories: builder.categories }
  }
  const values = new Float64Array(rows)
  for (let r = 0; r < rows; r++) {
    const cell = cells[r]
    values[r] =
      typeof cell === 'number'
        ? cell
        : cell === null || cell === undefined
          ? Number.NaN
          : Number(cell)
  }
  return { kind: 'number', name, type: kind === 'date' ? 'datetime' : 'numeric', values }
}

/** What all cells are that have a value; undefined where none has. Errors: DATA for two kinds. */
function commonKind(operation: string, name: string, cells: readonly unknown[]): Kind | undefined {
  let kind: Kind | undefined
  for (let r = 0; r < cells.length; r++) {
    const found = kindOf(cells[r])
    if (found === kind || found === 'missing') continue
    const numeric = (k: Kind | undefined) => k === 'number' || k === 'boolean'
    if (found === undefined || (kind !== undefined && !(numeric(kind) && numeric(found))))
      throw new AthanorError('DATA', {
        operation,
        expected: `numbers, texts or truth values in column '${name}', of one kind`,
        received:
          found === undefined
            ? `${typeof cells[r]} in row ${r}`
            : `a ${found} in row ${r} after a ${kind}`,
        fix: 'Give null where a value is missing, and make the others one kind',
      })
    kind = kind === undefined ? found : 'number'
  }
  return kind
}
