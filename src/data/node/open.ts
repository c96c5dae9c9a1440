// openDataset: finds out what the source is, reads it once and gives a Dataset.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AthanorError, argumentError } from '../../base/errors.js'
import { Collector, checkedBlockRows, type IncomingColumn } from '../collect.js'
import type { ColumnType } from '../column.js'
import { Dataset } from '../dataset.js'
import type { DataFinding } from '../finding.js'
import { columnFromValues, convertColumn } from '../infer.js'
import { namesOf, Table } from '../table.js'
import { readArrow } from './arrow.js'
import {
  applyOverrides,
  type CsvPlan,
  csvColumns,
  csvRelation,
  isLineEndFailure,
  isRaggedFailure,
  layoutOf,
  mayBeBrokenText,
  planCsv,
  relent,
  withoutRaggedRows,
} from './csv.js'
import { type DuckDb, messageOf, openDuckDb, quoteName, quoteText } from './duckdb.js'
import { translateDuckDbError } from './duckdb-errors.js'
import { type ReadColumn, readRelation, relationColumns } from './duckdb-reader.js'
import { encodingOf, findBrokenText, transcode } from './encoding.js'
import { readExcel } from './excel.js'
import { expandFiles, type FileFormat, formatOf } from './files.js'
import {
  checkNames,
  checkOptions,
  chooseTable,
  noRows,
  type OpenOptions,
  type TableWithSources,
} from './options.js'
import { OverflowWriter } from './spool.js'
import { openSqlite } from './sqlite.js'

/** Rows from which the types of JSON fields are decided at first. */
const jsonSample = 100_000

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
  const session = new Session(files, options)
  const interrupt = () => session.interrupt()
  options.signal?.addEventListener('abort', interrupt)
  try {
    return await session.open()
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

/** What one call of openDataset needs while it reads. */
class Session {
  private db: DuckDb | undefined
  private folder: string | undefined
  private readonly findings: DataFinding[] = []
  private readonly types: Readonly<Record<string, ColumnType>>
  private readonly exclude: ReadonlySet<string>

  constructor(
    private readonly files: readonly string[],
    readonly options: OpenOptions,
  ) {
    this.types = options.types ?? {}
    this.exclude = new Set(options.exclude)
  }

  shown(): string {
    const { files } = this
    return files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`
  }

  async open(): Promise<Dataset> {
    const { files } = this
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
    const files = await this.asUtf8(given)
    try {
      return await this.readCsv(files, this.options)
    } catch (error) {
      if (isLineEndFailure(error))
        return this.readCsv(await this.withOneLineEnd(files), this.options)
      if (mayBeBrokenText(error))
        for (const file of files) {
          const broken = await findBrokenText(file)
          if (broken !== undefined) throw broken
        }
      throw error
    }
  }

  private async readCsv(files: readonly string[], options: OpenOptions): Promise<Dataset> {
    const db = await this.duckDb()
    let plan: CsvPlan
    for (;;)
      try {
        plan = await planCsv(db, files, options)
        const { query } = this.options
        if (query === undefined) {
          checkNames(plan.names, this.options)
          applyOverrides(plan, this.types)
        }
        for (;;)
          try {
            const relation = csvRelation(plan)
            const dataset =
              query === undefined
                ? await this.collect(relation, csvColumns(plan, this.types, this.exclude))
                : await this.query(relation, plan.names)
            this.findings.push(...plan.findings)
            return dataset
          } catch (error) {
            if (!relent(plan, error)) throw error
          }
      } catch (error) {
        if (this.options.badRows !== 'skip' || !isRaggedFailure(error)) throw error
        return this.readCsv(...(await this.skipRagged(db, files, options)))
      }
  }

  /** A copy without the ragged rows, and the options by which it is read. */
  private async skipRagged(
    db: DuckDb,
    files: readonly string[],
    options: OpenOptions,
  ): Promise<[string[], OpenOptions]> {
    const plan = await layoutOf(files, options)
    const copy = await this.temporary('rows.csv')
    const { skipped, lines } = await withoutRaggedRows(db, plan, copy)
    this.findings.push(...plan.findings, {
      code: 'skipped-rows',
      severity: 'warning',
      count: skipped,
      details: { lines: lines.join(', ') },
    })
    const names = plan.names
    return [
      [copy],
      { ...options, badRows: 'error', header: false, delimiter: plan.dialect.delimiter, names },
    ]
  }

  private async withOneLineEnd(files: readonly string[]): Promise<string[]> {
    const copies: string[] = []
    for (const [i, file] of files.entries()) {
      const copy = await this.temporary(`lines-${i}.csv`)
      await transcode(file, 'utf-8', copy, true)
      copies.push(copy)
    }
    this.findings.push({ code: 'line-ends', severity: 'info', count: files.length, details: {} })
    return copies
  }

  private async temporary(name: string): Promise<string> {
    this.folder ??= await mkdtemp(join(tmpdir(), 'athanor-text-'))
    return join(this.folder, name)
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
    await db.connection.run(
      `CREATE OR REPLACE TEMP VIEW data AS SELECT ${columns} FROM ${relation}`,
    )
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

  async sqlite(files: readonly string[]): Promise<Dataset> {
    if (files.length > 1)
      throw argumentError('openDataset', 'one SQLite file', `${files.length} of them`)
    const reader = await openSqlite(files[0], this.options)
    try {
      return await this.fill(reader.columns, collector => reader.fill(collector))
    } finally {
      await reader.close()
    }
  }

  /** Formats whose reader gives a whole table. */
  async inMemory({
    table,
    sources,
    unreadable,
    findings = [],
  }: TableWithSources): Promise<Dataset> {
    if (this.options.query !== undefined)
      throw argumentError(
        'openDataset',
        'a query over CSV, JSON, Parquet, DuckDB or SQLite files',
        'a query over an Arrow or Excel file',
      )
    checkNames(table.names, this.options)
    if (table.rows === 0) throw noRows(this.shown(), table.names.length)
    const kept = table.select(table.names.filter(name => !this.exclude.has(name)))
    const lost = new Map(unreadable)
    const columns = kept.columns.map(column => {
      if (!Object.hasOwn(this.types, column.name)) return column
      const converted = convertColumn(column, this.types[column.name])
      lost.set(column.name, (lost.get(column.name) ?? 0) + converted.unreadable)
      return converted.column
    })
    this.findings.push(...findings)
    return Dataset.fromTable(new Table(columns, kept.rows), {
      types: this.types,
      sources,
      unreadable: lost,
      findings: this.findings,
    })
  }

  private async collect(relation: string, columns: readonly ReadColumn[]): Promise<Dataset> {
    const db = await this.duckDb()
    return this.fill(columns, collector =>
      readRelation(db, relation, columns, collector, this.options),
    )
  }

  private async fill(
    columns: readonly IncomingColumn[],
    read: (collector: Collector) => Promise<void>,
  ): Promise<Dataset> {
    const limit = (this.options.memoryLimit ?? defaultMemoryLimit) / 2
    const blockRows = checkedBlockRows(columns)
    const writer = new OverflowWriter(columns, blockRows, limit, this.options.spool)
    try {
      const collector = new Collector(columns, writer, crc32)
      await read(collector)
      if (collector.rows === 0) throw noRows(this.shown(), columns.length)
      return new Dataset({
        ...(await collector.finish()),
        findings: this.findings,
        availableMemory: () => process.availableMemory(),
      })
    } catch (error) {
      await writer.discard()
      throw error
    }
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
      const copy = await this.temporary(`${result.length}-${basename(file).replace(/\.gz$/i, '')}`)
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
    const read = (sample: number) =>
      this.relation(
        `read_json([${utf8.map(quoteText).join(', ')}], union_by_name=true, sample_size=${sample})`,
      )
    try {
      return await read(jsonSample)
    } catch (error) {
      // A late row has another type than those before it: all are looked at.
      if (!/sample_size|JSON transform/i.test(messageOf(error))) throw error
      return read(-1)
    }
  }

  interrupt(): void {
    this.db?.connection.interrupt()
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
  arrow: async (session, files) => session.inMemory(await readArrow(files)),
  sqlite: (session, files) => session.sqlite(files),
  excel: async (session, files) => session.inMemory(await readExcel(files, session.options)),
}
