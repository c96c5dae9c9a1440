// The rows of a run: a table in memory, or rows on disk that are gone through piece by piece.

import { AthanorError } from '../base/errors.js'
import { blockRowsFor } from '../data/block-store.js'
import type { Dataset } from '../data/dataset.js'
import { joinTables } from '../data/join.js'
import type { Table } from '../data/table.js'
import { firstAtLeast } from '../features/search-sorted.js'

/** Some of the rows that were asked for. */
export interface Piece {
  readonly table: Table
  /** Rows of the table that are meant; all when absent. */
  readonly rowIds?: Uint32Array
  readonly rows: number
  /** Where the i-th of them stands in the list that was asked for. */
  readonly place: (i: number) => number
}

export interface ShuffledBatches {
  readonly rowIds: Uint32Array
  readonly columns: readonly string[]
  readonly batchSize: number
  /** Absent: in the order of the row ids. */
  readonly seed?: number
  readonly epoch?: number
  /** Batches left out at the beginning. */
  readonly skip?: number
}

export interface RowStore {
  readonly rows: number
  /** The rows where they are in memory. */
  readonly table: Table | undefined
  /** Every row asked for once, in an order that suits the store. */
  pieces(rowIds: Uint32Array, columns: readonly string[]): AsyncIterable<Piece>
  /** Batches of one epoch; a pure function of what is asked for. */
  batches(options: ShuffledBatches): AsyncIterable<Table>
  /** Some rows in memory, in the order asked for. */
  take(rowIds: Uint32Array, columns: readonly string[]): Promise<Table>
  close(): Promise<void>
}

export class TableStore implements RowStore {
  constructor(readonly table: Table) {}

  get rows(): number {
    return this.table.rows
  }

  async *pieces(rowIds: Uint32Array): AsyncGenerator<Piece> {
    yield { table: this.table, rowIds, rows: rowIds.length, place: i => i }
  }

  async *batches({ rowIds, columns, batchSize, skip = 0 }: ShuffledBatches): AsyncGenerator<Table> {
    const table = this.table.select(columns)
    for (let start = skip * batchSize; start < rowIds.length; start += batchSize)
      yield table.take(rowIds.subarray(start, start + batchSize))
  }

  async take(rowIds: Uint32Array, columns: readonly string[]): Promise<Table> {
    return this.table.select(columns).take(rowIds)
  }

  async close(): Promise<void> {}
}

/** Neighbouring blocks that are read for one piece at most, where few of their rows are asked for. */
const mostBlocks = 16

/** Rows on disk: the main data, and behind them those of the validation and the test file. */
export class DatasetStore implements RowStore {
  readonly table = undefined
  readonly rows: number

  constructor(
    private readonly datasets: readonly Dataset[],
    private readonly signal?: AbortSignal,
  ) {
    this.rows = datasets.reduce((sum, dataset) => sum + dataset.rows, 0)
  }

  async *pieces(rowIds: Uint32Array, columns: readonly string[]): AsyncGenerator<Piece> {
    const order = ascendingOrder(rowIds)
    const sorted = order === undefined ? rowIds : order.map(i => rowIds[i])
    let at = 0
    let start = 0
    for (const dataset of this.datasets) {
      const blockRows = blockRowsFor(dataset.schema.length)
      const end = start + dataset.rows
      while (at < sorted.length && sorted[at] < end) {
        this.checkSignal()
        const to = pieceEnd(sorted, at, start, end, blockRows)
        const from = at
        const first = start
        const own = sorted.subarray(from, to)
        const ids = first === 0 ? own : own.map(id => id - first)
        for await (const table of dataset.batches({
          columns,
          rowIds: ids,
          batchSize: ids.length,
        })) {
          if (table.rows !== ids.length) throw wrongCount('a piece', ids.length, table.rows)
          yield {
            table,
            rows: table.rows,
            place: i => (order === undefined ? from + i : order[from + i]),
          }
        }
        at = to
      }
      start = end
    }
  }

  /** Training rows are all of the main data. */
  batches(options: ShuffledBatches): AsyncIterable<Table> {
    return this.datasets[0].batches(options)
  }

  async take(rowIds: Uint32Array, columns: readonly string[]): Promise<Table> {
    const parts: Table[] = []
    const places = new Uint32Array(rowIds.length)
    let at = 0
    for await (const { table, rows, place } of this.pieces(rowIds, columns)) {
      for (let i = 0; i < rows; i++) places[place(i)] = at + i
      parts.push(table)
      at += rows
    }
    const whole = joinTables(parts)
    return places.every((place, i) => place === i) ? whole : whole.take(places)
  }

  async close(): Promise<void> {
    for (const dataset of this.datasets) await dataset.close()
  }

  private checkSignal(): void {
    if (this.signal?.aborted)
      throw new AthanorError('INTERRUPTED', { operation: 'reading rows from disk' })
  }
}

/** Rows that silently went missing, or came twice, would make figures wrong. */
export function wrongCount(operation: string, expected: number, received: number): AthanorError {
  return new AthanorError('INTERNAL', {
    operation,
    expected: `${expected} rows`,
    received: String(received),
  })
}

/** Whole blocks, so that none is read twice, until there are as many rows as one block has. */
function pieceEnd(
  sorted: Uint32Array,
  from: number,
  start: number,
  end: number,
  blockRows: number,
): number {
  const firstBlock = Math.floor((sorted[from] - start) / blockRows)
  let to = from
  for (let blocks = 1; blocks <= mostBlocks; blocks++) {
    const limit = Math.min(end, start + (firstBlock + blocks) * blockRows)
    const next = firstAtLeast(sorted, limit)
    if (to > from && next - from > blockRows) break
    to = next
    if (limit === end) break
  }
  return to
}

/** Places in ascending order of their ids; undefined where they are in order already. */
function ascendingOrder(rowIds: Uint32Array): Uint32Array | undefined {
  let i = 1
  while (i < rowIds.length && rowIds[i] > rowIds[i - 1]) i++
  if (i >= rowIds.length) return undefined
  return new Uint32Array(rowIds.length).map((_, k) => k).sort((a, b) => rowIds[a] - rowIds[b])
}

/** The tables alone, where their order is all that matters. */
export async function* tablesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Table> {
  for await (const { table, rowIds } of pieces)
    yield rowIds === undefined ? table : table.take(rowIds)
}
