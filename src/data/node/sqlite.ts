// SQLite files, by SQLite itself compiled to WebAssembly; rows are streamed.
// SQLite's columns hold any type in any row, so what a column holds is asked first.

import { copyFile, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AthanorError } from '../../base/errors.js'
import { isMissingText, parseDate, parseNumber } from '../cell-parsing.js'
import type { Collector, IncomingColumn } from '../collect.js'
import { CodeBuilder, type ColumnType, columnKinds } from '../column.js'
import { messageOf, quoteName } from './duckdb.js'
import { fileError } from './files.js'
import { checkNames, chooseTable, type OpenOptions } from './options.js'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js'

type Cell = number | bigint | string | Uint8Array | null
interface SqliteDatabase {
  all(sql: string): Record<string, Cell>[]
  prepare(sql: string): { iterate(): IterableIterator<Record<string, Cell>>; finalize(): void }
  close(): void
}

export interface SqliteReader {
  readonly columns: readonly IncomingColumn[]
  fill(collector: Collector): Promise<void>
  close(): Promise<void>
}

/** Opens the file and decides each column's storage; `fill` then streams the rows. */
export async function openSqlite(file: string, options: OpenOptions): Promise<SqliteReader> {
  const { default: sqlite } = await import('node-sqlite3-wasm')
  const { path, folder } = await withoutWriteAheadLog(file)
  let db: SqliteDatabase | undefined
  const close = async () => {
    db?.close()
    if (folder !== undefined) await removeTemporaryFolder(folder)
  }
  try {
    db = new sqlite.Database(path, { fileMustExist: true, readOnly: true }) as SqliteDatabase
    const relation = relationOf(db, file, options)
    const names = columnNames(db, relation)
    checkNames(names, options)
    const exclude = new Set(options.exclude)
    const wanted = names.filter(name => !exclude.has(name))
    const columns = describeColumns(db, relation, wanted, options.types ?? {})
    return { columns, fill: collector => fill(db!, relation, columns, collector, options), close }
  } catch (cause) {
    await close()
    throw sqliteError(file, cause)
  }
}

function sqliteError(file: string, cause: unknown): AthanorError {
  if (cause instanceof AthanorError) return cause
  const message = messageOf(cause)
  const locked = /locked|busy/i.test(message)
  const sql = /syntax|no such/i.test(message)
  return new AthanorError(locked ? 'FILE' : sql ? 'ARGUMENT' : 'FORMAT', {
    operation: `reading '${file}'`,
    expected: locked ? undefined : sql ? 'SQL that SQLite takes' : 'an SQLite database',
    received: message,
    fix: locked ? 'Close the program that holds it open, or copy the file' : undefined,
    cause,
  })
}

/**
 * A database in write-ahead mode needs shared memory, which this build doesn't have. Its log merged,
 * a copy that says "rollback journal" in its header (bytes 18 and 19) holds the same.
 */
async function withoutWriteAheadLog(file: string): Promise<{ path: string; folder?: string }> {
  const header = new Uint8Array(20)
  const handle = await open(file, 'r')
  try {
    await handle.read(header, 0, 20, 0)
  } finally {
    await handle.close()
  }
  if (header[18] !== 2) return { path: file }
  const log = await stat(`${file}-wal`).catch(() => undefined)
  if (log !== undefined && log.size > 0)
    throw new AthanorError('FILE', {
      operation: `reading '${file}'`,
      expected: 'a database whose write-ahead log is merged',
      received: `a log of ${log.size} bytes beside it`,
      fix: 'Close the program that holds it open, or run PRAGMA wal_checkpoint(TRUNCATE)',
    })
  const folder = await makeTemporaryFolder('sqlite')
  const path = join(folder, 'copy.sqlite')
  try {
    await copyFile(file, path)
    const copy = await open(path, 'r+')
    await copy.write(Uint8Array.of(1, 1), 0, 2, 18)
    await copy.close()
  } catch (cause) {
    await removeTemporaryFolder(folder)
    throw fileError(file, cause)
  }
  return { path, folder }
}

function relationOf(db: SqliteDatabase, file: string, options: OpenOptions): string {
  const tables = db
    .all(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
    )
    .map(row => String(row.name))
  if (options.query === undefined) return quoteName(chooseTable(file, tables, options.table))
  const sql = `(${options.query.trim().replace(/;\s*$/, '')}\n)`
  if (tables.length !== 1 && options.table === undefined) return sql
  const data = quoteName(chooseTable(file, tables, options.table))
  return `(WITH data AS (SELECT * FROM ${data}) SELECT * FROM ${sql})`
}

function columnNames(db: SqliteDatabase, relation: string): string[] {
  // An outer join to one row gives a row even when the relation has none.
  const row = db.all(
    `SELECT r.* FROM (SELECT 1) LEFT JOIN (SELECT * FROM ${relation} LIMIT 1) AS r`,
  )[0]
  return Object.keys(row)
}

function describeColumns(
  db: SqliteDatabase,
  relation: string,
  names: readonly string[],
  types: Readonly<Record<string, ColumnType>>,
): IncomingColumn[] {
  return names.map(name => {
    const cell = quoteName(name)
    const [counts] = db.all(
      `SELECT count(${cell}) AS present, total(typeof(${cell}) = 'text') AS texts,
       total(typeof(${cell}) = 'blob') AS blobs, total(typeof(${cell}) = 'real') AS reals,
       total(typeof(${cell}) = 'text' AND ${cell} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*')
       AS dates FROM ${relation}`,
    )
    const present = Number(counts.present)
    const isText = Number(counts.texts) + Number(counts.blobs) > 0
    const isDate = present > 0 && Number(counts.dates) === present
    const source =
      present === 0 ? 'NULL' : isText ? 'TEXT' : Number(counts.reals) > 0 ? 'REAL' : 'INTEGER'
    const type = Object.hasOwn(types, name) ? types[name] : undefined
    const natural = isText && !isDate ? 'code' : 'number'
    const kind =
      type === undefined || (type === 'identifier' && !isText) ? natural : columnKinds[type]
    const isDatetime = kind === 'number' && (type === undefined ? isDate : type === 'datetime')
    return { name, kind, source, isDatetime, type }
  })
}

const rowsAtOnce = 4096

async function fill(
  db: SqliteDatabase,
  relation: string,
  columns: readonly IncomingColumn[],
  collector: Collector,
  options: OpenOptions,
): Promise<void> {
  const builders = columns.map(() => new CodeBuilder())
  columns.forEach((_, i) => {
    collector.buffers[i].categories = builders[i].categories
  })
  const select = columns.map(column => quoteName(column.name)).join(', ')
  const statement = db.prepare(`SELECT ${select} FROM ${relation}`)
  let pending: Record<string, Cell>[] = []
  const flush = async () => {
    for (let from = 0; from < pending.length; ) {
      const count = collector.room(pending.length - from)
      columns.forEach((column, i) => {
        for (let k = 0; k < count; k++)
          put(collector, i, collector.filled + k, pending[from + k][column.name], builders[i])
      })
      from += count
      await collector.advance(count)
      if (collector.filled === 0)
        columns.forEach((_, i) => {
          // The collector wants a block's own texts from here on.
          if (collector.buffers[i].categories.length > 0) return
          builders[i] = new CodeBuilder()
          collector.buffers[i].categories = builders[i].categories
        })
    }
    pending = []
    options.onProgress?.({ rows: collector.rows })
    if (options.signal?.aborted)
      throw new AthanorError('INTERRUPTED', {
        operation: 'reading data',
        cause: options.signal.reason,
      })
  }
  try {
    for (const row of statement.iterate()) {
      pending.push(row)
      if (pending.length === rowsAtOnce) await flush()
    }
    await flush()
  } finally {
    statement.finalize()
  }
}

function put(
  collector: Collector,
  index: number,
  at: number,
  cell: Cell,
  builder: CodeBuilder,
): void {
  const buffer = collector.buffers[index]
  const absent = cell === null || (typeof cell === 'string' && isMissingText(cell))
  if (buffer.column.kind === 'code') {
    const text = cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : String(cell)
    buffer.codes[at] = absent ? -1 : builder.code(text)
    return
  }
  if (absent || cell === null) {
    buffer.values[at] = Number.NaN
    return
  }
  if (typeof cell === 'bigint') {
    if (buffer.exact === undefined) {
      buffer.exact = new BigInt64Array(buffer.values.length)
      for (let i = 0; i < at; i++)
        if (!Number.isNaN(buffer.values[i])) buffer.exact[i] = BigInt(buffer.values[i])
    }
    buffer.exact[at] = cell
    buffer.values[at] = Number(cell)
    return
  }
  let value: number
  if (typeof cell === 'number') value = cell
  else if (typeof cell === 'string' && buffer.column.isDatetime) value = parseDate(cell)
  else value = typeof cell === 'string' ? parseNumber(cell) : Number.NaN
  if (Number.isNaN(value)) buffer.unreadable++
  if (buffer.exact !== undefined && Number.isInteger(value)) buffer.exact[at] = BigInt(value)
  buffer.values[at] = value
}
