// openDataset: finds out what the source is, reads it once and gives a Dataset.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AthanorError, argumentError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import { type BlockWriter, MemoryWriter } from '../block-store.js'
import { Collector, checkedBlockRows } from '../collect.js'
import { type ColumnType, columnTypes } from '../column.js'
import { Dataset } from '../dataset.js'
import type { DataFinding } from '../finding.js'
import { columnFromValues } from '../infer.js'
import { namesOf, Table } from '../table.js'
import { applyOverrides, type CsvOptions, csvColumns, csvRelation, planCsv, relent } from './csv.js'
import { type DuckDb, messageOf, openDuckDb, quoteName, quoteText } from './duckdb.js'
import { translateDuckDbError } from './duckdb-errors.js'
import {
  type ReadColumn,
  type ReadProgress,
  readRelation,
  relationColumns,
} from './duckdb-reader.js'
import { encodingOf, transcode } from './encoding.js'
import { expandFiles, type FileFormat, formatOf } from './files.js'

export interface OpenOptions extends CsvOptions {
  /** SQL over the source, which is the view `data` there; DuckDB's dialect (SQLite's for SQLite files). */
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

type Rows = readonly Readonly<Record<string, unknown>>[]

/** 1 GiB. */
export const defaultMemoryLimit = 2 ** 30

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
  const session = new Session(options)
  try {
    return await session.open(files)
  } catch (error) {
    throw translateDuckDbError(error, session.shown(files))
  } finally {
    await session.close()
  }
}

function isRows(source: readonly unknown[]): source is Rows {
  return source.length > 0 && source.every(item => typeof item !== 'string')
}

function checkOptions({ types = {}, memoryLimit }: OpenOptions): void {
  for (const [name, type] of Object.entries(types))
    if (!columnTypes.includes(type))
      throw argumentError(`type of column '${name}'`, columnTypes.join(', '), String(type))
  if (memoryLimit !== undefined && !(memoryLimit >= 2 ** 26))
    throw argumentError('memoryLimit', 'at least 64 MiB, in bytes', String(memoryLimit))
}

async function fromRows(rows: Rows, options: OpenOptions): Promise<Dataset> {
  const names = namesOf(rows)
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

/** Names in `types` and `exclude` must be there: a slip would silently change what is learned. */
export function checkNames(names: readonly string[], options: OpenOptions): void {
  for (const [option, list] of [
    ['types', Object.keys(options.types ?? {})],
    ['exclude', options.exclude ?? []],
  ] as const)
    for (const name of list)
      if (!names.includes(name))
        throw new AthanorError('DATA', {
          operation: `openDataset: ${option}`,
          expected: 'a column of the data',
          received: `'${name}'`,
          fix: suggestName(name, names),
        })
}

/** What one call of openDataset needs while it reads. */
class Session {
  private db: DuckDb | undefined
  private folder: string | undefined
  private readonly findings: DataFinding[] = []
  private readonly types: Readonly<Record<string, ColumnType>>
  private readonly exclude: ReadonlySet<string>

  constructor(private readonly options: OpenOptions) {
    this.types = options.types ?? {}
    this.exclude = new Set(options.exclude)
  }

  shown(files: readonly string[]): string {
    return files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`
  }

  async open(files: readonly string[]): Promise<Dataset> {
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
    return readers[format](this, files)
  }

  async csv(given: readonly string[]): Promise<Dataset> {
    const db = await this.duckDb()
    const files = await this.asUtf8(given)
    let plan = await planCsv(db, files, this.options)
    if (this.options.query !== undefined) return this.query(csvRelation(plan), plan.names)
    checkNames(plan.names, this.options)
    applyOverrides(plan, this.types)
    for (;;) {
      try {
        const columns = csvColumns(plan, this.types, this.exclude)
        const dataset = await this.collect(csvRelation(plan), columns)
        this.findings.push(...plan.findings)
        return dataset
      } catch (error) {
        if (!relent(plan, error)) throw error
        plan = { ...plan }
      }
    }
  }

  async relation(relation: string): Promise<Dataset> {
    if (this.options.query !== undefined) return this.query(relation)
    const db = await this.duckDb()
    const all = await relationColumns(db, relation, {}, new Set())
    checkNames(
      all.map(column => column.name),
      this.options,
    )
    return this.collect(relation, await relationColumns(db, relation, this.types, this.exclude))
  }

  /** The user's SQL over the view `data`, whose columns have the names of the source. */
  private async query(relation: string, names?: readonly string[]): Promise<Dataset> {
    const db = await this.duckDb()
    const columns = names?.map((name, i) => `c${i} AS ${quoteName(name)}`).join(', ') ?? '*'
    await db.connection.run(`CREATE TEMP VIEW data AS SELECT ${columns} FROM ${relation}`)
    const sql = this.options.query!.trim().replace(/;\s*$/, '')
    const result = `(${sql}\n)`
    const all = await relationColumns(db, result, {}, new Set())
    checkNames(
      all.map(column => column.name),
      this.options,
    )
    return this.collect(result, await relationColumns(db, result, this.types, this.exclude))
  }

  async duckDbFile(files: readonly string[]): Promise<Dataset> {
    if (files.length > 1)
      throw argumentError('openDataset', 'one DuckDB file', `${files.length} of them`)
    const db = await this.duckDb()
    await db.connection.run(`ATTACH ${quoteText(files[0])} AS source (READ_ONLY)`)
    const tables = (
      await db.rows(
        `SELECT table_schema AS s, table_name AS t FROM information_schema.tables
         WHERE table_catalog = 'source' ORDER BY 1, 2`,
      )
    ).map(row => ({ schema: String(row.s), table: String(row.t) }))
    const { query, table } = this.options
    if (query !== undefined && table === undefined) {
      await db.connection.run('USE source')
      if (tables.length !== 1) return this.collectQuery(db, query)
    }
    const chosen = chooseTable(
      files[0],
      tables.map(entry => entry.table),
      table,
    )
    const { schema } = tables.find(entry => entry.table === chosen)!
    return this.relation(`source.${quoteName(schema)}.${quoteName(chosen)}`)
  }

  private async collectQuery(db: DuckDb, query: string): Promise<Dataset> {
    const result = `(${query.trim().replace(/;\s*$/, '')}\n)`
    return this.collect(result, await relationColumns(db, result, this.types, this.exclude))
  }

  private async collect(relation: string, columns: readonly ReadColumn[]): Promise<Dataset> {
    const db = await this.duckDb()
    const writer: BlockWriter = new MemoryWriter(columns, checkedBlockRows(columns))
    const collector = new Collector(columns, writer, crc32)
    await readRelation(db, relation, columns, collector, this.options)
    if (collector.rows === 0)
      throw new AthanorError('DATA', {
        operation: 'reading data',
        expected: 'at least one row',
        received: `a header of ${columns.length} columns and no rows`,
      })
    return new Dataset({ ...(await collector.finish()), findings: this.findings })
  }

  /** Files as UTF-8: themselves, or copies in a temporary folder. */
  private async asUtf8(files: readonly string[]): Promise<string[]> {
    const result: string[] = []
    for (const file of files) {
      const encoding = await encodingOf(file, this.options.encoding)
      if (encoding === 'utf-8') {
        result.push(file)
        continue
      }
      this.folder ??= await mkdtemp(join(tmpdir(), 'athanor-text-'))
      const copy = join(this.folder, `${result.length}-${basename(file).replace(/\.gz$/i, '')}`)
      await transcode(file, encoding, copy)
      this.findings.push({ code: 'transcoded', severity: 'info', details: { file, encoding } })
      result.push(copy)
    }
    return result
  }

  async duckDb(): Promise<DuckDb> {
    this.db ??= await openDuckDb((this.options.memoryLimit ?? defaultMemoryLimit) / 2)
    return this.db
  }

  async json(files: readonly string[]): Promise<Dataset> {
    const utf8 = await this.asUtf8(files)
    return this.relation(
      `read_json([${utf8.map(quoteText).join(', ')}], union_by_name=true, sample_size=100000, maximum_object_size=268435456)`,
    )
  }

  async close(): Promise<void> {
    await this.db?.close()
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true })
  }
}

const readers: Record<
  FileFormat,
  (session: Session, files: readonly string[]) => Promise<Dataset>
> = {
  csv: (session, files) => session.csv(files),
  json: (session, files) => session.json(files),
  parquet: (session, files) =>
    session.relation(`read_parquet([${files.map(quoteText).join(', ')}], union_by_name=true)`),
  duckdb: (session, files) => session.duckDbFile(files),
  arrow: () => notYet('Arrow'),
  sqlite: () => notYet('SQLite'),
  excel: () => notYet('Excel'),
}

function notYet(format: string): never {
  throw new AthanorError('FORMAT', { operation: 'openDataset', received: `${format} file` })
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

export { messageOf }
