// The options of openDataset, what every reader checks about them, and what readers hand over.

import { AthanorError, argumentError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import { type ColumnType, columnTypes } from '../column.js'
import type { DataFinding } from '../finding.js'
import type { Table } from '../table.js'
import type { CsvOptions } from './csv.js'
import type { ReadProgress } from './duckdb-reader.js'

/** Options of `openDataset`. */
export interface OpenOptions extends CsvOptions {
  /**
   * SQL over the source, which is the view `data` there; DuckDB's dialect (SQLite's for SQLite files).
   * Row ids, and with them splits, are stable from run to run only with an ORDER BY at its end.
   */
  readonly query?: string
  /** Table of a DuckDB or SQLite file, sheet of an Excel file; needed when there are several tables. */
  readonly table?: string
  /** Overrides what is sniffed. */
  readonly types?: Readonly<Record<string, ColumnType>>
  /** Columns not to be read at all. */
  readonly exclude?: readonly string[]
  /** Encoding of text files by its WHATWG name; default 'auto'. */
  readonly encoding?: string
  /** Bytes, half for DuckDB and half for columns in memory; beyond it rows go to disk. Default 1 GiB. */
  readonly memoryLimit?: number
  /** Folder for rows that don't fit in memory; default a temporary one, removed by `close`. */
  readonly spool?: string
  readonly onProgress?: (progress: ReadProgress) => void
  readonly signal?: AbortSignal
}

/** What a reader of whole tables gives. */
export interface TableWithSources {
  readonly table: Table
  readonly sources: ReadonlyMap<string, string>
  readonly unreadable?: ReadonlyMap<string, number>
  readonly findings?: readonly DataFinding[]
}

export function checkOptions({ types = {}, memoryLimit }: OpenOptions): void {
  for (const [name, type] of Object.entries(types))
    if (!columnTypes.includes(type))
      throw argumentError(`type of column '${name}'`, columnTypes.join(', '), String(type))
  if (memoryLimit !== undefined && !(memoryLimit >= 2 ** 26))
    throw argumentError('memoryLimit', 'at least 64 MiB, in bytes', String(memoryLimit))
}

/** An option names a column that the data do not have. */
export class AbsentColumnError extends AthanorError {
  constructor(
    option: string,
    readonly column: string,
    readonly names: readonly string[],
  ) {
    super('DATA', {
      operation: `openDataset: ${option}`,
      expected: 'a column of the data',
      received: `'${column}'`,
      fix: suggestName(column, names),
    })
  }
}

/** Names in `types` and `exclude` must be there: a slip would silently change what is learned. */
export function checkNames(names: readonly string[], options: OpenOptions): void {
  for (const [option, list] of [
    ['types', Object.keys(options.types ?? {})],
    ['exclude', options.exclude ?? []],
  ] as const)
    for (const name of list)
      if (!names.includes(name)) throw new AbsentColumnError(option, name, names)
}

export function noRows(file: string, columns: number): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${file}'`,
    expected: 'at least one row',
    received: `a header of ${columns} ${columns === 1 ? 'column' : 'columns'} and no rows`,
  })
}

/** The table asked for, or the only one there is. */
export function chooseTable(file: string, tables: readonly string[], wanted?: string): string {
  if (wanted !== undefined) {
    if (tables.includes(wanted)) return wanted
    throw new AthanorError('DATA', {
      operation: `reading '${file}'`,
      expected: 'a table of the file',
      received: `'${wanted}'`,
      fix: suggestName(wanted, tables),
    })
  }
  if (tables.length === 1) return tables[0]
  throw new AthanorError('DATA', {
    operation: `reading '${file}'`,
    expected: 'one table, or the option table',
    received: tables.length === 0 ? 'no table' : tables.join(', '),
  })
}
