// One opening of a data source: its limits and signal, the columns it collects, what it found on the way.

import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { argumentError } from '../../base/errors.js'
import { Collector, checkedBlockRows, type IncomingColumn } from '../collect.js'
import type { ColumnType } from '../column.js'
import { Dataset } from '../dataset.js'
import type { DataFinding } from '../finding.js'
import { convertColumn } from '../infer.js'
import { Table } from '../table.js'
import { type DuckDb, openDuckDb, quoteName } from './duckdb.js'
import { type ReadColumn, readRelation, relationColumns } from './duckdb-reader.js'
import { encodingOf, transcode } from './encoding.js'
import { checkNames, noRows, type OpenOptions, type TableWithSources } from './options.js'
import { OverflowWriter } from './spool.js'
import { tableMemoryAsked } from './table-memory.js'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js'

/** 1 GiB. */
export const defaultMemoryLimit = 2 ** 30

export class Session {
  readonly findings: DataFinding[] = []
  readonly types: Readonly<Record<string, ColumnType>>
  readonly exclude: ReadonlySet<string>
  private db: DuckDb | undefined
  private folder: string | undefined

  constructor(
    private readonly files: readonly string[],
    readonly options: OpenOptions,
  ) {
    this.types = options.types ?? {}
    this.exclude = new Set(options.exclude)
  }

  /** The files in a message. */
  shown(): string {
    const { files } = this
    return files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`
  }

  async duckDb(): Promise<DuckDb> {
    this.db ??= await openDuckDb((this.options.memoryLimit ?? defaultMemoryLimit) / 2)
    return this.db
  }

  /** A path in a folder that `close` removes. */
  async temporary(name: string): Promise<string> {
    this.folder ??= await makeTemporaryFolder('text')
    return join(this.folder, name)
  }

  /** Files as UTF-8: themselves, or copies in a temporary folder. */
  async asUtf8(files: readonly string[]): Promise<string[]> {
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

  /** A dataset of all that a relation of DuckDB holds, or of the user's SQL over it. */
  async relation(relation: string): Promise<Dataset> {
    return this.options.query === undefined ? this.all(relation) : this.query(relation)
  }

  /** The user's SQL over the view `data`, whose columns have the names of the source. */
  async query(relation: string, names?: readonly string[]): Promise<Dataset> {
    const db = await this.duckDb()
    const columns = names?.map((name, i) => `c${i} AS ${quoteName(name)}`).join(', ') ?? '*'
    await db.connection.run(
      `CREATE OR REPLACE TEMP VIEW data AS SELECT ${columns} FROM ${relation}`,
    )
    return this.sql(this.options.query!)
  }

  /** What a SELECT gives. */
  async sql(query: string): Promise<Dataset> {
    return this.all(`(${query.trim().replace(/;\s*$/, '')}\n)`)
  }

  private async all(relation: string): Promise<Dataset> {
    const columns = await relationColumns(await this.duckDb(), relation, this.types)
    checkNames(
      columns.map(column => column.name),
      this.options,
    )
    return this.collect(
      relation,
      columns.filter(({ name }) => !this.exclude.has(name)),
    )
  }

  async collect(relation: string, columns: readonly ReadColumn[]): Promise<Dataset> {
    const db = await this.duckDb()
    return this.fill(columns, collector =>
      readRelation(db, relation, columns, collector, this.options),
    )
  }

  async fill(
    columns: readonly IncomingColumn[],
    read: (collector: Collector) => Promise<void>,
  ): Promise<Dataset> {
    const limit = Math.min(
      (this.options.memoryLimit ?? defaultMemoryLimit) / 2,
      tableMemoryAsked() ?? Number.POSITIVE_INFINITY,
    )
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

  interrupt(): void {
    this.db?.connection.interrupt()
  }

  async close(): Promise<void> {
    await this.db?.close()
    if (this.folder !== undefined) await removeTemporaryFolder(this.folder)
  }
}
