// Takes a source's rows once: fills blocks, writes them to a store, gathers every column's schema
// and the fingerprint of the whole on the way.

import { crc32 as portableCrc32 } from '../base/crc32.js'
import { AthanorError } from '../base/errors.js'
import { type BlockColumn, type BlockStore, type BlockWriter, blockRowsFor } from './block-store.js'
import { truthText } from './cell-parsing.js'
import type { ColumnType } from './column.js'
import { type ColumnSchema, SchemaBuilder } from './schema.js'

/** A column while it is being read. */
export interface IncomingColumn {
  readonly name: string
  readonly kind: 'number' | 'code'
  /** Storage type found in the source. */
  readonly source: string
  readonly isDatetime?: boolean
  /** Set by the user; otherwise sniffed at the end. */
  readonly type?: ColumnType
}

export type Crc32 = (bytes: Uint8Array, previous?: number) => number

export interface Collected {
  readonly store: BlockStore
  readonly schema: readonly ColumnSchema[]
  readonly fingerprint: string
}

/** The cells of one column in the block being filled. */
export class ColumnBuffer {
  values: Float64Array
  codes: Int32Array
  exact: BigInt64Array | undefined
  /** Codes of this block index this list. */
  categories: string[] = []
  /** Texts shared by all blocks until there were too many of them. */
  shared: readonly string[] | undefined
  infinite = 0
  unreadable = 0

  constructor(
    readonly column: IncomingColumn,
    capacity: number,
  ) {
    this.values = new Float64Array(column.kind === 'number' ? capacity : 0)
    this.codes = new Int32Array(column.kind === 'code' ? capacity : 0)
  }

  grow(capacity: number): void {
    if (this.column.kind === 'number') {
      const values = new Float64Array(capacity)
      values.set(this.values)
      this.values = values
    } else {
      const codes = new Int32Array(capacity)
      codes.set(this.codes)
      this.codes = codes
    }
    if (this.exact !== undefined) {
      const exact = new BigInt64Array(capacity)
      exact.set(this.exact)
      this.exact = exact
    }
  }
}

const firstCapacity = 1024

/** Distinct texts of a column that are kept in memory once its rows are not. */
const textLimit = 1 << 18

/**
 * Fills blocks from a source that calls `room`, writes into `buffers` from `filled` on, and says
 * with `advance` how many rows it wrote. Infinite numbers become missing and are counted.
 */
export class Collector {
  readonly buffers: readonly ColumnBuffer[]
  readonly blockRows: number
  /** Rows already in the current block. */
  filled = 0
  rows = 0
  private capacity: number
  private readonly builders: readonly SchemaBuilder[]
  private readonly checksums: number[][]

  constructor(
    readonly columns: readonly IncomingColumn[],
    private readonly writer: BlockWriter,
    private readonly crc32: Crc32 = portableCrc32,
  ) {
    this.blockRows = writer.blockRows
    this.capacity = Math.min(firstCapacity, this.blockRows)
    this.buffers = columns.map(column => new ColumnBuffer(column, this.capacity))
    this.builders = columns.map(() => new SchemaBuilder())
    this.checksums = columns.map(() => [])
  }

  /** Makes room for up to `wanted` more rows in this block; returns how many fit. */
  room(wanted: number): number {
    const fits = Math.min(wanted, this.blockRows - this.filled)
    if (this.filled + fits > this.capacity) {
      while (this.capacity < this.filled + fits) this.capacity *= 2
      for (const buffer of this.buffers) buffer.grow(this.capacity)
    }
    return fits
  }

  /** Counts rows written; a full block goes to the store. */
  async advance(rows: number): Promise<void> {
    this.filled += rows
    this.rows += rows
    if (this.filled === this.blockRows) await this.flush()
  }

  async finish(): Promise<Collected> {
    if (this.filled > 0) await this.flush()
    const schema = this.columns.map((column, i) => {
      const builder = this.builders[i]
      builder.infinite = this.buffers[i].infinite
      builder.unreadable = this.buffers[i].unreadable
      return builder.finish({
        name: column.name,
        kind: column.kind,
        source: column.source,
        isDatetime: column.isDatetime,
        type: column.type,
        categories: this.textsOf(i),
      })
    })
    schema.forEach(({ type }, i) => {
      // Lists of texts are shared with the blocks: what is changed here is changed there.
      const { categories } = this.buffers[i]
      if (type === 'boolean' && categories.length <= 2)
        categories.forEach((text, code) => {
          categories[code] = truthText(text)
        })
    })
    const store = await this.writer.finish()
    const content = this.columns.map((column, i) => [
      column.name,
      column.kind,
      schema[i].type,
      this.checksums[i],
      column.kind === 'code' ? textsChecksum(this.textsOf(i), this.crc32) : 0,
    ])
    return { store, schema, fingerprint: await digest(JSON.stringify([this.rows, content])) }
  }

  private textsOf(column: number): readonly string[] {
    return this.buffers[column].shared ?? this.buffers[column].categories
  }

  private async flush(): Promise<void> {
    const rows = this.filled
    const block: BlockColumn[] = []
    for (let i = 0; i < this.columns.length; i++) {
      const buffer = this.buffers[i]
      const builder = this.builders[i]
      if (this.columns[i].kind === 'number') {
        const values = buffer.values.subarray(0, rows)
        buffer.infinite += dropInfinite(values)
        builder.addNumbers(values)
        this.checksums[i].push(this.crc32(new Uint8Array(values.buffer, 0, rows * 8)))
        const exact = buffer.exact?.subarray(0, rows)
        block.push(
          exact === undefined ? { kind: 'number', values } : { kind: 'number', values, exact },
        )
        buffer.exact = undefined
      } else {
        const codes = buffer.codes.subarray(0, rows)
        const { categories, shared } = buffer
        this.checksums[i].push(this.crc32(new Uint8Array(codes.buffer, 0, rows * 4)))
        if (shared === undefined) builder.addCodes(codes, categories.length)
        else {
          builder.addOwnTexts(codes, categories, shared)
          this.checksums[i].push(textsChecksum(categories, this.crc32))
        }
        block.push({ kind: 'code', codes, categories, ownTexts: shared !== undefined })
      }
    }
    await this.writer.write(block, rows)
    if (!this.writer.inMemory)
      for (const buffer of this.buffers)
        if (buffer.shared !== undefined || buffer.categories.length > textLimit) {
          buffer.shared ??= buffer.categories
          buffer.categories = []
        }
    this.filled = 0
  }
}

export function checkedBlockRows(columns: readonly IncomingColumn[]): number {
  if (columns.length === 0)
    throw new AthanorError('DATA', { operation: 'reading data', expected: 'at least one column' })
  return blockRowsFor(columns.length)
}

function dropInfinite(values: Float64Array): number {
  let infinite = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value - value !== 0 && !Number.isNaN(value)) {
      values[i] = Number.NaN
      infinite++
    }
  }
  return infinite
}

function textsChecksum(texts: readonly string[], crc: Crc32): number {
  const encoder = new TextEncoder()
  let sum = 0
  for (let i = 0; i < texts.length; i += 4096)
    sum = crc(encoder.encode(JSON.stringify(texts.slice(i, i + 4096))), sum)
  return sum
}

/** SHA-256 as hexadecimal digits. */
export async function digest(text: string): Promise<string> {
  // Browsers have it on secure pages only.
  if (globalThis.crypto?.subtle === undefined) {
    const bytes = new TextEncoder().encode(text)
    const sums = Array.from({ length: 8 }, (_, i) => portableCrc32(bytes, i * 0x9e3779b1))
    return sums.map(sum => sum.toString(16).padStart(8, '0')).join('')
  }
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
