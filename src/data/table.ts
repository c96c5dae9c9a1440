// A table in memory: named, typed columns of equal length.

import { AthanorError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import { type Column, type ColumnType, cellValue, columnLength, takeColumn } from './column.js'
import { columnFromValues } from './infer.js'

/**
 * Rows and typed columns in memory; never changed once made.
 *
 * @example
 * ```ts
 * const table = Table.fromObjects([{ plan: 'pro', age: 31 }, { plan: 'free', age: null }])
 * table.column('age') // { kind: 'number', type: 'integer', values: Float64Array [31, NaN], … }
 * table.take([1]).row(0) // { plan: 'free', age: null }
 * ```
 */
export class Table {
  readonly rows: number
  readonly columns: readonly Column[]
  readonly names: readonly string[]
  private readonly indexOf: ReadonlyMap<string, number>

  /** Throws DATA when two columns have one name or different lengths. */
  constructor(
    columns: readonly Column[],
    rows = columns.length === 0 ? 0 : columnLength(columns[0]),
  ) {
    const indexOf = new Map<string, number>()
    columns.forEach((column, i) => {
      if (indexOf.has(column.name))
        throw new AthanorError('DATA', {
          operation: 'Table',
          expected: 'each column name once',
          received: `'${column.name}' twice`,
        })
      if (columnLength(column) !== rows)
        throw new AthanorError('DATA', {
          operation: `Table: column '${column.name}'`,
          expected: `${rows} rows`,
          received: String(columnLength(column)),
        })
      indexOf.set(column.name, i)
    })
    this.rows = rows
    this.columns = columns
    this.names = columns.map(column => column.name)
    this.indexOf = indexOf
  }

  has(name: string): boolean {
    return this.indexOf.has(name)
  }

  /** The column of that name; throws DATA and suggests the nearest name when there is none. */
  column(name: string): Column {
    const index = this.indexOf.get(name)
    if (index === undefined)
      throw new AthanorError('DATA', {
        operation: 'Table.column',
        expected: 'a column of the table',
        received: `'${name}'`,
        fix: suggestName(name, this.names),
      })
    return this.columns[index]
  }

  /** The columns named, in that order. */
  select(names: readonly string[]): Table {
    return new Table(
      names.map(name => this.column(name)),
      this.rows,
    )
  }

  /** The rows named (0-based, repeats allowed), in that order. */
  take(rowIds: ArrayLike<number>): Table {
    const rows = rowIds instanceof Uint32Array ? rowIds : Uint32Array.from(rowIds)
    const outside = firstOutside(rows, this.rows)
    const altered = rows === rowIds ? -1 : rows.findIndex((row, i) => row !== rowIds[i])
    if (outside >= 0 || altered >= 0)
      throw new AthanorError('INDEX', {
        operation: 'Table.take',
        expected: `row ids in [0, ${this.rows})`,
        received: String(rowIds[Math.max(outside, altered)]),
      })
    return new Table(
      this.columns.map(column => takeColumn(column, rows)),
      rows.length,
    )
  }

  /** One row as an object: numbers, strings, Dates, null where missing. */
  row(index: number): Record<string, unknown> {
    if (!(index >= 0 && index < this.rows))
      throw new AthanorError('INDEX', {
        operation: 'Table.row',
        expected: `an index in [0, ${this.rows})`,
        received: String(index),
      })
    // defineProperty: a column may be called __proto__.
    const row: Record<string, unknown> = {}
    for (const column of this.columns)
      Object.defineProperty(row, column.name, {
        value: cellValue(column, index),
        enumerable: true,
        writable: true,
        configurable: true,
      })
    return row
  }

  /**
   * Columns from objects; a name absent in a row is a missing value there. `types` overrides what
   * the values suggest.
   */
  static fromObjects(
    rows: readonly Readonly<Record<string, unknown>>[],
    types: Readonly<Record<string, ColumnType>> = {},
  ): Table {
    return new Table(
      namesOf(rows).map(name => {
        const values = rows.map(row => (Object.hasOwn(row, name) ? row[name] : null))
        return columnFromValues(name, values, Object.hasOwn(types, name) ? types[name] : undefined)
          .column
      }),
      rows.length,
    )
  }
}

/** The first place that names a row which is not there, or -1. */
function firstOutside(rowIds: Uint32Array, rows: number): number {
  for (let i = 0; i < rowIds.length; i++) if (rowIds[i] >= rows) return i
  return -1
}

/** Names over all rows, in the order of their first appearance. */
export function namesOf(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set<string>()
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new AthanorError('DATA', {
        operation: 'rows given as objects',
        expected: 'an object of column names and values',
        received: `${Array.isArray(row) ? 'an array' : row === null ? 'null' : typeof row} at index ${i}`,
      })
    for (const name of Object.keys(row)) names.add(name)
  }
  return [...names]
}
