// Where a dataset's blocks of rows lie: in memory here, in a folder in node/spool.ts. Both keep cells in
// the narrow layouts of cell-encoding.ts.

import {
  type EncodedCells,
  encodeCells,
  openCells,
  type PackedCells,
  unpackCells,
} from './cell-encoding.js'

/** One column's cells of one block, as they were read (before the column's type was decided). */
export type BlockColumn =
  | { readonly kind: 'number'; readonly values: Float64Array; readonly exact?: BigInt64Array }
  | {
      readonly kind: 'code'
      readonly codes: Int32Array
      readonly categories: readonly string[]
      /** The categories are this block's own, not shared by all blocks of the column. */
      readonly ownTexts?: boolean
    }

export interface StoredColumn {
  readonly name: string
  readonly kind: 'number' | 'code'
}

/** Blocks have `blockRows` rows each, the last one what is left. */
export interface BlockStore {
  readonly rows: number
  readonly blockRows: number
  readonly columns: readonly StoredColumn[]
  readonly inMemory: boolean
  /** The cells of some columns (by index) of one block; what is returned must not be written to. */
  read(block: number, columns: readonly number[]): Promise<readonly BlockColumn[]>
  /** The same as they are stored. */
  packed(block: number, columns: readonly number[]): Promise<readonly PackedCells[]>
  close(): Promise<void>
}

/** Receives blocks while a source is read; copies what it keeps of the arrays. */
export interface BlockWriter {
  readonly blockRows: number
  /** Whether all blocks stay in memory, and with them all distinct texts. */
  readonly inMemory: boolean
  write(columns: readonly BlockColumn[], rows: number): Promise<void>
  finish(): Promise<BlockStore>
  /** Gives back what was written, after a failure. */
  discard(): Promise<void>
}

/** Rows a block has: 65,536, fewer for many columns so that one block stays under 64 MB. */
export function blockRowsFor(columns: number): number {
  let rows = 65_536
  while (rows > 2048 && rows * 8 * columns > 64 * 2 ** 20) rows /= 2
  return rows
}

/** One column's cells of one block, encoded, and the list that its codes refer to. */
export interface EncodedColumn extends EncodedCells {
  readonly categories?: readonly string[]
}

export class MemoryStore implements BlockStore {
  readonly inMemory = true

  constructor(
    readonly columns: readonly StoredColumn[],
    readonly rows: number,
    readonly blockRows: number,
    private readonly blocks: readonly (readonly EncodedColumn[])[],
  ) {}

  async read(block: number, columns: readonly number[]): Promise<readonly BlockColumn[]> {
    return columns.map(column => unpackCells(this.open(block, column)))
  }

  async packed(block: number, columns: readonly number[]): Promise<readonly PackedCells[]> {
    return columns.map(column => this.open(block, column))
  }

  async close(): Promise<void> {}

  private open(block: number, column: number): PackedCells {
    const { layout, bytes, categories = [] } = this.blocks[block][column]
    const rows = Math.min(this.blockRows, this.rows - block * this.blockRows)
    return openCells(layout, bytes, rows, categories)
  }
}

export class MemoryWriter implements BlockWriter {
  readonly inMemory = true
  readonly blocks: (readonly EncodedColumn[])[] = []
  rows = 0
  /** What the rows so far take as a table, which is what they are asked for as; here they take less. */
  bytes = 0
  /** Texts of each column already counted in `bytes`. */
  private readonly texts: number[]

  constructor(
    readonly columns: readonly StoredColumn[],
    readonly blockRows: number,
  ) {
    this.texts = columns.map(() => 0)
  }

  async write(columns: readonly BlockColumn[], rows: number): Promise<void> {
    this.blocks.push(
      columns.map((column, i) => {
        const encoded = encodeCells(column, rows, false)
        if (column.kind === 'number') {
          this.bytes += rows * (column.exact === undefined ? 8 : 16)
          return encoded
        }
        this.bytes += rows * 4
        const { categories } = column
        // What V8 takes for a string of two-byte characters and its place in an array, about.
        for (; this.texts[i] < categories.length; this.texts[i]++)
          this.bytes += 32 + 2 * categories[this.texts[i]].length
        return { ...encoded, categories }
      }),
    )
    this.rows += rows
  }

  async finish(): Promise<BlockStore> {
    return new MemoryStore(this.columns, this.rows, this.blockRows, this.blocks)
  }

  async discard(): Promise<void> {
    this.blocks.length = 0
  }
}
