// Rows without a target: read, looked at, made into features of order 1 for distances and isolation.

import type { OptionRows } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { aFunction, listOf, oneOf, someText, tested, wholeNumber } from '../../base/value-kinds.js'
import type { ColumnType } from '../../data/column.js'
import type { Dataset } from '../../data/dataset.js'
import { joinTables } from '../../data/join.js'
import type { Table } from '../../data/table.js'
import type { Matrix } from '../../estimator/matrix.js'
import { TablePreprocessor } from '../../features/table-preprocessor.js'
import { resolveNames } from '../prepare-data.js'
import { checkColumn, type DataSource, sourceName } from '../read-data.js'
import { runError } from '../run-error.js'

export interface RowOptions {
  readonly exclude?: readonly string[]
  readonly type?: Readonly<Record<string, ColumnType>>
  readonly query?: string
  readonly encoding?: string
  readonly badRows?: 'error' | 'skip'
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onReading?: (source: string, rows?: number) => void
}

export interface UnlabelledRows {
  readonly source: string
  readonly dataset: Dataset
  /** The rows that are learned from: all, or a sample of them. */
  readonly table: Table
  readonly preprocessor: TablePreprocessor
  /** Columns that were not used, and why: asked for, texts, identifiers, constants. */
  readonly leftOut: readonly string[]
  readonly used: readonly string[]
}

/** Rows that are learned from at most. */
const mostRows = 200_000
const leastRows = 3
const sampleStream = 0x756e6c61

/** Rows of the options' tables that both commands have. */
export const rowOptions: OptionRows<RowOptions> = {
  exclude: listOf(someText),
  type: tested('an object of column types', value => typeof value === 'object' && value !== null),
  query: someText,
  encoding: someText,
  badRows: oneOf(['error', 'skip']),
  seed: wholeNumber({ min: 0 }),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal),
  onReading: aFunction(),
}

/** The dataset has to be closed by the caller. Errors: DATA, FILE, FORMAT, ARGUMENT. */
export async function openRows(source: DataSource, options: RowOptions): Promise<UnlabelledRows> {
  const { openDataset } = await import('../../data/node/index.js')
  const { signal, onReading, type, query, encoding, badRows, seed = 0 } = options
  const shown = sourceName(source)
  onReading?.(shown)
  const dataset = await openDataset(source, {
    signal,
    ...(type === undefined ? {} : { types: type }),
    ...(query === undefined ? {} : { query }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(badRows === undefined ? {} : { badRows }),
    onProgress: progress => onReading?.(shown, progress.rows),
  })
  try {
    const asked = resolveNames(options.exclude ?? [], dataset.names)
    for (const name of asked) checkColumn('--exclude', name, dataset.names)
    if (dataset.rows < leastRows)
      throw runError('DATA', 'tooFewToGroup', { rows: dataset.rows, least: leastRows })
    // A thousand features of words would drown all others.
    const texts = dataset.schema
      .filter(({ type: found }) => found === 'text')
      .map(({ name }) => name)
    const exclude = [...new Set([...asked, ...texts])]
    const table = await rowsToLearn(dataset, seed)
    const preprocessor = TablePreprocessor.fit(table, undefined, { exclude }).plain()
    const inputs = preprocessor.inputs
    return {
      source: shown,
      dataset,
      table,
      preprocessor,
      leftOut: [...exclude, ...inputs.filter(({ used }) => !used).map(({ name }) => name)],
      used: inputs.filter(({ used }) => used).map(({ name }) => name),
    }
  } catch (error) {
    await dataset.close()
    throw error
  }
}

async function rowsToLearn(dataset: Dataset, seed: number): Promise<Table> {
  if (dataset.rows <= mostRows) return dataset.table()
  const order = new Random(seed, sampleStream).shuffle(
    Uint32Array.from({ length: dataset.rows }, (_, i) => i),
  )
  const rowIds = order.slice(0, mostRows).sort()
  const parts: Table[] = []
  for await (const table of dataset.batches({ rowIds, batchSize: 65_536 })) parts.push(table)
  return joinTables(parts)
}

/** Features of rows of a table. */
export function featuresOf(
  preprocessor: TablePreprocessor,
  table: Table,
  rowIds?: Uint32Array,
): Matrix {
  const { x, rows, width } = preprocessor.transform(table, rowIds)
  return { x, rows, width, names: preprocessor.outputNames }
}
