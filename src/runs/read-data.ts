// Reading a run's source: types, rows and columns; into memory where it holds the table, else left on
// disk, with only those columns in memory that the task and the split are made from.

import { basename } from 'node:path'
import { availableMemory } from '#platform'
import type { Dataset } from '../data/dataset.js'
import type { DataFinding } from '../data/finding.js'
import { joinTables } from '../data/join.js'
import { AbsentColumnError } from '../data/node/options.js'
import type { ColumnSchema } from '../data/schema.js'
import type { Table } from '../data/table.js'
import { blaming } from './absent-column.js'
import { optionName } from './option-name.js'
import { DatasetStore, type RowStore, TableStore } from './row-store.js'
import { runError, userError } from './run-error.js'
import type { TrainSettings } from './train-options.js'

/** A file, a glob, a list of files, or rows as objects. */
export type DataSource = string | readonly string[] | readonly Readonly<Record<string, unknown>>[]

export interface ReadOptions {
  readonly signal?: AbortSignal
  readonly onReading?: (source: string, rows?: number) => void
  /** How an earlier run had its rows: in memory, or on disk; absent: as memory allows. */
  readonly onDisk?: boolean
  /** The option that names columns with a type; `--type` by default. */
  readonly typesFrom?: string
}

export interface GivenData {
  readonly source: string
  readonly names: readonly string[]
  readonly schema: readonly ColumnSchema[]
  readonly fingerprint: string
  readonly findings: readonly DataFinding[]
  readonly store: RowStore
  /** Whole columns: at least those that are asked for by name; all where memory holds the table. */
  readonly keys: Table
  /** Rows of the main data; those of the validation and the test file stand behind them. */
  readonly rows: number
  readonly validationRows: number
  readonly testRows: number
  /** Where the rows are on disk: about what they would take in memory, and what they may take. */
  readonly onDisk?: { readonly bytes: number; readonly limit: number }
}

export async function readData(
  source: DataSource,
  settings: TrainSettings,
  options: ReadOptions,
): Promise<GivenData> {
  const { signal, onReading, typesFrom = '--type' } = options
  const { openDataset } = await import('../data/node/index.js')
  const { tableMemory } = await import('../data/node/table-memory.js')
  const limit = tableMemory()
  const opened: Dataset[] = []
  const open = async (from: DataSource, types: TrainSettings['type']): Promise<Dataset> => {
    const shown = sourceName(from)
    onReading?.(shown)
    const dataset = await openDataset(from, {
      signal,
      types,
      ...(settings.query === undefined ? {} : { query: settings.query }),
      ...(settings.encoding === undefined ? {} : { encoding: settings.encoding }),
      ...(settings.badRows === undefined ? {} : { badRows: settings.badRows }),
      onProgress: progress => onReading?.(shown, progress.rows),
    })
    opened.push(dataset)
    return dataset
  }
  let kept = false
  try {
    const main = await open(source, settings.type).catch(blaming(() => typesFrom))
    const { names } = main
    checkColumn('--target', settings.target, names)
    const types = Object.fromEntries(main.schema.map(column => [column.name, column.type]))
    const rowsOf = { validation: 0, test: 0 }
    for (const part of ['validation', 'test'] as const) {
      const file = settings[part]
      if (typeof file !== 'string') continue
      const other = await open(file, types).catch(error => {
        if (!(error instanceof AbsentColumnError)) throw error
        const absent = names.filter(column => !error.names.includes(column))
        throw runError('DATA', 'partLacksColumns', {
          option: optionName(part),
          file,
          columns: absent.map(column => `'${column}'`).join(', '),
        })
      })
      rowsOf[part] = other.rows
    }
    const bytes = opened.reduce((sum, dataset) => sum + tableBytes(dataset), 0)
    const onDisk = options.onDisk ?? bytes > limit
    if (!onDisk) checkMemory(opened, bytes)
    const wanted = onDisk ? keyNames(settings, names) : names
    const tables: Table[] = []
    for (const dataset of opened) tables.push(await dataset.table(wanted))
    const keys = joinTables(tables)
    kept = onDisk
    return {
      source: sourceName(source),
      names,
      schema: main.schema,
      fingerprint: opened.map(dataset => dataset.fingerprint).join('+'),
      findings: main.findings,
      store: onDisk ? new DatasetStore(opened, signal) : new TableStore(keys),
      keys,
      rows: main.rows,
      validationRows: rowsOf.validation,
      testRows: rowsOf.test,
      ...(onDisk ? { onDisk: { bytes, limit } } : {}),
    }
  } finally {
    if (!kept) for (const dataset of opened) await dataset.close()
  }
}

export function checkColumn(
  option: string,
  name: string | undefined,
  names: readonly string[],
): void {
  if (name !== undefined && !names.includes(name))
    throw userError.unknownColumn(option, name, names)
}

/** Columns that the task, the split and the report's groups are made from. */
function keyNames(settings: TrainSettings, names: readonly string[]): string[] {
  const { target, group, time, groupMetrics } = settings
  const wanted = [target, group, time, groupMetrics].filter(name => name !== undefined)
  return [...new Set(wanted)].filter(name => names.includes(name))
}

/** What V8 takes for a text of some letters and its place in an array, about. */
const textBytes = 48

/** What the rows would take in memory, about. */
export function tableBytes(dataset: Dataset): number {
  return dataset.schema.reduce((sum, { stats, distinct, type }) => {
    if (stats === undefined) return sum + 4 * dataset.rows + textBytes * distinct
    const exact =
      type !== 'numeric' &&
      Math.max(Math.abs(stats.min), Math.abs(stats.max)) > Number.MAX_SAFE_INTEGER
    return sum + (exact ? 16 : 8) * dataset.rows
  }, 0)
}

/** A table that memory cannot hold is an error, not a killed process. */
function checkMemory(datasets: readonly Dataset[], bytes: number): void {
  // The parts that were read and the whole are there at the same time.
  const needed = 2 * bytes
  const available = availableMemory()
  if (needed <= available) return
  const gib = (value: number) => (value / 2 ** 30).toFixed(1)
  throw runError('MEMORY', 'tableTooLarge', {
    rows: datasets.reduce((sum, dataset) => sum + dataset.rows, 0),
    needed: gib(needed),
    available: gib(available),
  })
}

export function sourceName(source: DataSource): string {
  if (typeof source === 'string') return basename(source)
  const [first] = source
  if (typeof first !== 'string') return `${source.length} rows`
  return source.length === 1 ? basename(first) : `${basename(first)} + ${source.length - 1}`
}
