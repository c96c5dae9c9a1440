// openDataset: finds out what the source is, reads it once and gives a Dataset.

import { AthanorError, argumentError } from '../../base/errors.js'
import { Dataset } from '../dataset.js'
import { columnFromValues } from '../infer.js'
import { namesOf, Table } from '../table.js'
import { readArrow } from './arrow.js'
import { readCsvFiles } from './csv-source.js'
import { translateDuckDbError } from './duckdb-errors.js'
import { readDuckDbFile, readJson, readParquet } from './duckdb-sources.js'
import { readExcel } from './excel.js'
import { expandFiles, type FileFormat, formatOf } from './files.js'
import { checkNames, checkOptions, noRows, type OpenOptions } from './options.js'
import { Session } from './session.js'
import { openSqlite } from './sqlite.js'

type Rows = readonly Readonly<Record<string, unknown>>[]

/**
 * Reads a source once and gives its typed columns: a file, a glob or a list of files (CSV, TSV, JSON,
 * JSON lines, Parquet, Arrow, DuckDB, SQLite, Excel), or an array of objects. Works offline.
 *
 * Throws FILE (not there, not readable), FORMAT (not what it should be), DATA (no rows, ragged rows,
 * broken characters; with the line), ARGUMENT (an option or the SQL), INTERRUPTED.
 *
 * @example
 * ```ts
 * const dataset = await openDataset('customers.csv', { types: { postcode: 'category' } })
 * for (const { name, type, reason } of dataset.schema) console.log(name, type, reason)
 * const table = await dataset.table()
 * ```
 */
export async function openDataset(
  source: string | readonly string[] | Rows,
  options: OpenOptions = {},
): Promise<Dataset> {
  checkOptions(options)
  if (typeof source !== 'string' && isRows(source)) return fromRows(source, options)
  const files = await expandFiles(source as string | readonly string[])
  const session = new Session(files, options)
  const interrupt = () => session.interrupt()
  options.signal?.addEventListener('abort', interrupt)
  try {
    return await readFiles(session, files)
  } catch (error) {
    throw translateDuckDbError(error, session.shown())
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
    await session.close()
  }
}

function isRows(source: readonly unknown[]): source is Rows {
  return source.length > 0 && source.every(item => typeof item !== 'string')
}

async function fromRows(rows: Rows, options: OpenOptions): Promise<Dataset> {
  const names = namesOf(rows)
  if (names.length === 0) throw noRows('rows given as objects', 0)
  checkNames(names, options)
  const exclude = new Set(options.exclude)
  const sources = new Map<string, string>()
  const unreadable = new Map<string, number>()
  const types = options.types ?? {}
  const columns = names
    .filter(name => !exclude.has(name))
    .map(name => {
      const values = rows.map(row => (Object.hasOwn(row, name) ? row[name] : null))
      const inferred = columnFromValues(
        name,
        values,
        Object.hasOwn(types, name) ? types[name] : undefined,
      )
      sources.set(name, inferred.source)
      unreadable.set(name, inferred.unreadable)
      return inferred.column
    })
  return Dataset.fromTable(new Table(columns, rows.length), { types, sources, unreadable })
}

/** How each format becomes a dataset. */
const readers: Record<
  FileFormat,
  (session: Session, files: readonly string[]) => Promise<Dataset>
> = {
  csv: readCsvFiles,
  json: readJson,
  parquet: readParquet,
  duckdb: readDuckDbFile,
  arrow: async (session, files) => session.inMemory(await readArrow(files)),
  sqlite: readSqlite,
  excel: async (session, files) => session.inMemory(await readExcel(files, session.options)),
}

async function readFiles(session: Session, files: readonly string[]): Promise<Dataset> {
  if (files.length === 0)
    throw argumentError('openDataset', 'a file, a list of files or rows', 'an empty list')
  const formats = await Promise.all(files.map(formatOf))
  const format = formats[0]
  const other = formats.findIndex(candidate => candidate !== format)
  if (other >= 0)
    throw new AthanorError('DATA', {
      operation: 'openDataset',
      expected: 'files of one format',
      received: `${files[0]} (${format}) and ${files[other]} (${formats[other]})`,
    })
  return readers[format](session, files)
}

async function readSqlite(session: Session, files: readonly string[]): Promise<Dataset> {
  if (files.length > 1)
    throw argumentError('openDataset', 'one SQLite file', `${files.length} of them`)
  const reader = await openSqlite(files[0], session.options)
  try {
    return await session.fill(reader.columns, collector => reader.fill(collector))
  } finally {
    await reader.close()
  }
}
