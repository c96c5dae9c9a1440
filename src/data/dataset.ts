// A dataset that has been read: its schema, and its rows as whole tables, chunks or shuffled batches.

import { AthanorError, argumentError } from '../base/errors.js'
import { formatBytes } from '../base/format-bytes.js'
import { suggestName } from '../base/nearest-name.js'
import { type BlockColumn, type BlockStore, blockRowsFor, MemoryWriter } from './block-store.js'
import { Collector } from './collect.js'
import type { Column, ColumnType } from './column.js'
import { epochWindows } from './epoch-order.js'
import type { DataFinding } from './finding.js'
import { joinColumns, joinTables } from './join.js'
import { type ColumnSchema, typedColumn } from './schema.js'
import { Table } from './table.js'
import { type PendingWindow, type WantedColumn, WindowReader } from './window.js'

export interface DatasetParts {
  readonly store: BlockStore
  readonly schema: readonly ColumnSchema[]
  readonly fingerprint: string
  /** What was found and done while reading: columns renamed, another encoding, rows left out. */
  readonly findings?: readonly DataFinding[]
  readonly onClose?: () => Promise<void>
  /** Bytes of memory that may still be taken, where the platform can tell. */
  readonly availableMemory?: () => number
}

/** Options of `Dataset.batches`. */
export interface BatchOptions {
  /** Names in the order wanted; all by default. */
  readonly columns?: readonly string[]
  readonly batchSize: number
  /** Only these rows, each once. */
  readonly rowIds?: Uint32Array
  /** Shuffles; absent: in the order of `rowIds`. */
  readonly seed?: number
  /** Each epoch has its own order; default 0. */
  readonly epoch?: number
  /** Batches to leave out at the beginning, when a run is resumed; default 0. */
  readonly skip?: number
}

/**
 * Rows that were read once and can be gone through any number of times. Small data lie in memory,
 * larger ones in a spool on disk; both give the same rows in the same order.
 *
 * @example
 * ```ts
 * for await (const batch of dataset.batches({ batchSize: 32, seed: 1, epoch: 0 })) batch.column('age')
 * ```
 */
export class Dataset {
  readonly schema: readonly ColumnSchema[]
  readonly rows: number
  /** SHA-256 over names, types and cells: the same data have the same, wherever they came from. */
  readonly fingerprint: string
  readonly findings: readonly DataFinding[]
  /** False when the rows lie in a spool on disk. */
  readonly inMemory: boolean
  private readonly store: BlockStore
  private readonly onClose: (() => Promise<void>) | undefined
  private readonly availableMemory: (() => number) | undefined
  private readonly indexOf: ReadonlyMap<string, number>
  private readonly cache = new Map<number, Column>()
  private closed = false

  constructor(parts: DatasetParts) {
    this.store = parts.store
    this.schema = parts.schema
    this.rows = parts.store.rows
    this.fingerprint = parts.fingerprint
    this.findings = parts.findings ?? []
    this.inMemory = parts.store.inMemory
    this.onClose = parts.onClose
    this.availableMemory = parts.availableMemory
    this.indexOf = new Map(parts.schema.map((column, i) => [column.name, i]))
  }

  get names(): readonly string[] {
    return this.schema.map(column => column.name)
  }

  /** A dataset in memory from a table; types are sniffed and may be overridden. */
  static async fromTable(
    table: Table,
    options: {
      types?: Readonly<Record<string, ColumnType>>
      sources?: ReadonlyMap<string, string>
      unreadable?: ReadonlyMap<string, number>
      findings?: readonly DataFinding[]
    } = {},
  ): Promise<Dataset> {
    const types = options.types ?? {}
    const columns = table.columns.map(column => ({
      name: column.name,
      kind: column.kind,
      source: options.sources?.get(column.name) ?? column.kind,
      isDatetime: column.type === 'datetime',
      type: Object.hasOwn(types, column.name) ? types[column.name] : undefined,
    }))
    const writer = new MemoryWriter(columns, blockRowsFor(Math.max(1, columns.length)))
    const collector = new Collector(columns, writer)
    for (let row = 0; row < table.rows; ) {
      const count = collector.room(table.rows - row)
      const at = collector.filled
      table.columns.forEach((column, i) => {
        const buffer = collector.buffers[i]
        if (column.kind === 'number') {
          buffer.values.set(column.values.subarray(row, row + count), at)
          if (column.exact !== undefined) {
            buffer.exact ??= new BigInt64Array(buffer.values.length)
            buffer.exact.set(column.exact.subarray(row, row + count), at)
          }
        } else {
          buffer.codes.set(column.codes.subarray(row, row + count), at)
          buffer.categories = column.categories as string[]
        }
      })
      row += count
      await collector.advance(count)
    }
    table.columns.forEach((column, i) => {
      const buffer = collector.buffers[i]
      if (column.kind === 'number') buffer.infinite += column.infinite ?? 0
      else buffer.categories = column.categories as string[]
      buffer.unreadable = options.unreadable?.get(column.name) ?? 0
    })
    return new Dataset({ ...(await collector.finish()), findings: options.findings })
  }

  /** The whole dataset, or the columns named, in memory. */
  async table(names: readonly string[] = this.names): Promise<Table> {
    const wanted = this.indices(names)
    if (!this.inMemory) {
      this.checkMemory(wanted)
      const parts: Table[] = []
      for await (const chunk of this.chunks({ columns: names })) parts.push(chunk)
      return joinTables(parts)
    }
    for (const index of wanted)
      if (!this.cache.has(index)) this.cache.set(index, await this.wholeColumn(index))
    return new Table(
      wanted.map(index => this.cache.get(index)!),
      this.rows,
    )
  }

  private checkMemory(wanted: readonly number[]): void {
    const cells = wanted.map(index => (this.store.columns[index].kind === 'number' ? 8 : 4))
    // The parts and the whole are there at the same time.
    const needed = 2 * this.rows * cells.reduce((sum, bytes) => sum + bytes, 0)
    const available = this.availableMemory?.() ?? Number.POSITIVE_INFINITY
    if (needed > available)
      throw new AthanorError('MEMORY', {
        operation: 'Dataset.table',
        expected: `at most ${formatBytes(available)}`,
        received: `${this.rows} rows that need ${formatBytes(needed)}`,
        fix: 'Name fewer columns, or go through batches() or chunks()',
      })
  }

  /** All rows in order, as tables of `rows` rows (default: one stored block each). */
  async *chunks(
    options: { columns?: readonly string[]; rows?: number } = {},
  ): AsyncGenerator<Table, void, undefined> {
    const batchSize = options.rows ?? this.store.blockRows
    if (batchSize === this.store.blockRows) {
      const wanted = this.indices(options.columns ?? this.names)
      const blocks = Math.ceil(this.rows / batchSize)
      for (let block = 0; block < blocks; block++) yield this.blockTable(block, wanted)
    } else yield* this.batches({ columns: options.columns, batchSize })
  }

  /** Batches of one epoch; the last may be smaller. */
  async *batches(options: BatchOptions): AsyncGenerator<Table, void, undefined> {
    const { batchSize, skip = 0 } = options
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw argumentError('Dataset.batches', 'a whole batchSize of at least 1', String(batchSize))
    checkRowIds(options.rowIds, this.rows)
    const wanted = this.indices(options.columns ?? this.names)
    const reader = new WindowReader(this.store, wanted.map(this.head))
    const { blockRows } = this.store
    const windows = epochWindows({ ...options, rows: this.rows, blockRows })
    let toSkip = skip * batchSize
    const begin = (): PendingWindow | undefined => {
      for (let entry = windows.next(); !entry.done; entry = windows.next()) {
        const { blocks, rowIds } = entry.value
        const skipped = Math.min(toSkip, rowIds.length)
        toSkip -= skipped
        if (skipped < rowIds.length)
          return reader.begin({ blocks, rowIds: rowIds.subarray(skipped) })
      }
      return undefined
    }
    let pending = begin()
    try {
      let carried: Table | undefined
      while (pending !== undefined) {
        const window = await pending.finish()
        const next = begin()
        pending = next
        // The next window is made a few steps a batch, so that it is there when this one ends.
        const share = Math.ceil((next?.steps ?? 0) / Math.max(1, window.rows / batchSize - 1))
        let at = 0
        if (carried !== undefined) {
          at = Math.min(batchSize - carried.rows, window.rows)
          carried = joinTables([carried, window.table(0, at)])
          if (carried.rows < batchSize) continue
          yield carried
          carried = undefined
        }
        for (; at + batchSize <= window.rows; at += batchSize) {
          yield window.table(at, at + batchSize)
          next?.advance(share)
        }
        if (at < window.rows) carried = window.table(at, window.rows)
      }
      if (carried !== undefined) yield carried
    } finally {
      // Left early: nothing may be closed while blocks are being read.
      await pending?.loaded.catch(() => {})
    }
  }

  /** Gives back memory, open files and a temporary spool. */
  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.cache.clear()
    await this.store.close()
    await this.onClose?.()
  }

  private indices(names: readonly string[]): number[] {
    if (this.closed)
      throw new AthanorError('STATE', {
        operation: 'Dataset',
        received: 'a dataset that was closed',
      })
    return names.map(name => {
      const index = this.indexOf.get(name)
      if (index === undefined)
        throw new AthanorError('DATA', {
          operation: 'Dataset',
          expected: 'a column of the data',
          received: `'${name}'`,
          fix: suggestName(name, this.names),
        })
      return index
    })
  }

  private async wholeColumn(index: number): Promise<Column> {
    const blocks = Math.ceil(this.rows / this.store.blockRows)
    const parts: Column[] = []
    for (let block = 0; block < blocks; block++)
      parts.push(this.typed((await this.store.read(block, [index]))[0], index))
    return parts.length === 0
      ? this.typed(emptyBlock(this.store.columns[index].kind), index)
      : joinColumns(parts)
  }

  private async blockTable(block: number, wanted: readonly number[]): Promise<Table> {
    const cells = await this.store.read(block, wanted)
    return new Table(
      cells.map((cell, i) => this.typed(cell, wanted[i])),
      Math.min(this.store.blockRows, this.rows - block * this.store.blockRows),
    )
  }

  private typed(cells: BlockColumn, index: number): Column {
    return typedColumn(cells, this.schema[index])
  }

  private readonly head = (index: number): WantedColumn => {
    const { name, type, infinite } = this.schema[index]
    return { index, kind: this.store.columns[index].kind, name, type, infinite }
  }
}

function emptyBlock(kind: 'number' | 'code'): BlockColumn {
  return kind === 'number'
    ? { kind, values: new Float64Array(0) }
    : { kind, codes: new Int32Array(0), categories: [] }
}

function checkRowIds(rowIds: Uint32Array | undefined, rows: number): void {
  if (rowIds === undefined) return
  for (let i = 0; i < rowIds.length; i++)
    if (rowIds[i] >= rows)
      throw new AthanorError('INDEX', {
        operation: 'Dataset.batches',
        expected: `row ids in [0, ${rows})`,
        received: String(rowIds[i]),
      })
}
