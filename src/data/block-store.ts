// Where a dataset's blocks of rows lie: in memory here, in a folder in node/spool.ts.

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
  close(): Promise<void>
}

/** Receives blocks while a source is read. */
export interface BlockWriter {
  readonly blockRows: number
  /** Whether `write` keeps the arrays it is given, so that the caller has to make new ones. */
  readonly keepsArrays: boolean
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

export class MemoryStore implements BlockStore {
  readonly inMemory = true

  constructor(
    readonly columns: readonly StoredColumn[],
    readonly rows: number,
    readonly blockRows: number,
    private readonly blocks: readonly (readonly BlockColumn[])[],
  ) {}

  async read(block: number, columns: readonly number[]): Promise<readonly BlockColumn[]> {
    return columns.map(column => this.blocks[block][column])
  }

  async close(): Promise<void> {}
}

export class MemoryWriter implements BlockWriter {
  readonly keepsArrays = true
  readonly blocks: (readonly BlockColumn[])[] = []
  rows = 0
  /** Memory taken so far. */
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
    this.blocks.push(columns)
    this.rows += rows
    columns.forEach((column, i) => {
      if (column.kind === 'number') this.bytes += rows * (column.exact === undefined ? 8 : 16)
      else {
        this.bytes += rows * 4
        const { categories } = column
        // What V8 takes for a string of two-byte characters and its place in an array, about.
        for (; this.texts[i] < categories.length; this.texts[i]++)
          this.bytes += 32 + 2 * categories[this.texts[i]].length
      }
    })
  }

  async finish(): Promise<BlockStore> {
    return new MemoryStore(this.columns, this.rows, this.blockRows, this.blocks)
  }

  async discard(): Promise<void> {
    this.blocks.length = 0
  }
}
