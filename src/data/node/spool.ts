// Typed columns on disk, for data larger than memory: a folder with
//   columns.bin  block after block, in a block column after column (cell-encoding.ts), 8-byte aligned
//   spool.json   names, row counts, texts, and for every column of every block its place, length,
//                layout and CRC-32; its first line is the CRC-32 of the rest. Written last, so that a
//                spool without it is one that was never finished.

import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AthanorError } from '../../base/errors.js'
import {
  type BlockColumn,
  type BlockStore,
  type BlockWriter,
  type EncodedColumn,
  MemoryWriter,
  type StoredColumn,
} from '../block-store.js'
import { encodeCells, layouts, openCells, type PackedCells, unpackCells } from '../cell-encoding.js'
import { messageOf } from './duckdb.js'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js'

const version = 1

/** [offset, length, layout, crc32] of one column in one block. */
type Entry = readonly [number, number, number, number]

interface SpoolIndex {
  readonly version: number
  readonly rows: number
  readonly blockRows: number
  readonly columns: readonly { name: string; kind: 'number' | 'code'; texts?: readonly string[] }[]
  readonly blocks: readonly (readonly Entry[])[]
}

export class SpoolWriter implements BlockWriter {
  readonly inMemory = false
  private file: FileHandle | undefined
  private folder: string | undefined
  private offset = 0
  private rows = 0
  private readonly blocks: Entry[][] = []
  private readonly texts: (readonly string[])[]

  /** Without a folder, a temporary one is made and removed when the store is closed. */
  constructor(
    private readonly columns: readonly StoredColumn[],
    readonly blockRows: number,
    private readonly given?: string,
  ) {
    this.texts = columns.map(() => [])
  }

  async write(columns: readonly BlockColumn[], rows: number): Promise<void> {
    const encoded = columns.map(column => {
      const ownTexts = column.kind === 'code' && column.ownTexts === true
      const cells = encodeCells(column, rows, ownTexts)
      return column.kind === 'code' && !ownTexts
        ? { ...cells, categories: column.categories }
        : cells
    })
    await this.writeEncoded(encoded, rows)
  }

  async writeEncoded(columns: readonly EncodedColumn[], rows: number): Promise<void> {
    const file = await this.opened()
    const entries: Entry[] = []
    const parts: Uint8Array[] = []
    columns.forEach(({ layout, bytes, categories }, i) => {
      if (categories !== undefined) this.texts[i] = categories
      entries.push([this.offset, bytes.length, layouts.indexOf(layout), crc32(bytes)])
      const padding = -bytes.length & 7
      parts.push(bytes)
      if (padding > 0) parts.push(new Uint8Array(padding))
      this.offset += bytes.length + padding
    })
    try {
      await writeAll(file, parts)
    } catch (cause) {
      throw diskError(this.folder!, cause)
    }
    this.blocks.push(entries)
    this.rows += rows
  }

  async finish(): Promise<BlockStore> {
    const file = await this.opened()
    const folder = this.folder!
    const index: SpoolIndex = {
      version,
      rows: this.rows,
      blockRows: this.blockRows,
      columns: this.columns.map(({ name, kind }, i) =>
        kind === 'code' ? { name, kind, texts: this.texts[i] } : { name, kind },
      ),
      blocks: this.blocks,
    }
    try {
      await file.sync()
      await file.close()
      this.file = undefined
      const body = JSON.stringify(index)
      const temporary = join(folder, 'spool.json.tmp')
      const handle = await open(temporary, 'w')
      await handle.writeFile(`${crc32(Buffer.from(body))}\n${body}`)
      await handle.sync()
      await handle.close()
      await rename(temporary, join(folder, 'spool.json'))
    } catch (cause) {
      throw diskError(folder, cause)
    }
    return SpoolStore.open(folder, this.given === undefined)
  }

  async discard(): Promise<void> {
    await this.file?.close().catch(() => {})
    this.file = undefined
    if (this.given === undefined && this.folder !== undefined)
      await removeTemporaryFolder(this.folder)
  }

  private async opened(): Promise<FileHandle> {
    if (this.file !== undefined) return this.file
    try {
      if (this.given === undefined) this.folder = await makeTemporaryFolder('spool')
      else {
        await mkdir(this.given, { recursive: true })
        this.folder = this.given
        await rm(join(this.given, 'spool.json'), { force: true })
      }
      this.file = await open(join(this.folder, 'columns.bin'), 'w')
      return this.file
    } catch (cause) {
      throw diskError(this.given ?? tmpdir(), cause)
    }
  }
}

/** A disk that fills up may take part of the bytes and say nothing: what is left is written again. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(parts)
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  if (bytesWritten < bytes) await file.writeFile(Buffer.concat(parts).subarray(bytesWritten))
}

function diskError(folder: string, cause: unknown): AthanorError {
  if (cause instanceof AthanorError) return cause
  const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
  return new AthanorError('FILE', {
    operation: `writing rows to '${folder}'`,
    received: full ? 'a full disk' : messageOf(cause),
    fix: full
      ? 'Free some space, or name another folder: option spool in code, TMPDIR for the command line'
      : undefined,
    cause,
  })
}

export class SpoolStore implements BlockStore {
  readonly inMemory = false
  readonly rows: number
  readonly blockRows: number
  readonly columns: readonly StoredColumn[]

  private constructor(
    private readonly folder: string,
    private readonly file: FileHandle,
    private readonly index: SpoolIndex,
    private readonly temporary: boolean,
  ) {
    this.rows = index.rows
    this.blockRows = index.blockRows
    this.columns = index.columns
  }

  /** Throws FORMAT when the folder holds no finished spool, or an altered one. */
  static async open(folder: string, temporary = false): Promise<SpoolStore> {
    const path = join(folder, 'spool.json')
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (cause) {
      throw altered(folder, 'no index: it was never finished', cause)
    }
    const end = text.indexOf('\n')
    const body = text.slice(end + 1)
    if (Number(text.slice(0, end)) !== crc32(Buffer.from(body)))
      throw altered(folder, 'an index whose checksum differs')
    const index = JSON.parse(body) as SpoolIndex
    if (index.version !== version)
      throw altered(folder, `version ${index.version}, this library reads ${version}`)
    return new SpoolStore(folder, await open(join(folder, 'columns.bin'), 'r'), index, temporary)
  }

  async read(block: number, columns: readonly number[]): Promise<readonly BlockColumn[]> {
    return (await this.packed(block, columns)).map(unpackCells)
  }

  async packed(block: number, columns: readonly number[]): Promise<readonly PackedCells[]> {
    const entries = this.index.blocks[block]
    const rows = Math.min(this.blockRows, this.rows - block * this.blockRows)
    // Neighbours on disk are read at once.
    const order = [...columns].sort((a, b) => a - b)
    const cells = new Map<number, PackedCells>()
    for (let i = 0; i < order.length; ) {
      let last = i
      while (last + 1 < order.length && order[last + 1] - order[last] <= 1) last++
      const [start] = entries[order[i]]
      const [lastStart, lastLength] = entries[order[last]]
      const bytes = await this.bytes(start, lastStart + lastLength - start)
      for (; i <= last; i++) {
        const column = order[i]
        const [offset, length, layout, checksum] = entries[column]
        const own = bytes.subarray(offset - start, offset - start + length)
        if (crc32(own) !== checksum)
          throw altered(
            this.folder,
            `other bytes in column '${this.columns[column].name}', block ${block}`,
          )
        const texts = this.index.columns[column].texts ?? []
        cells.set(column, openCells(layouts[layout], own, rows, texts))
      }
    }
    return columns.map(column => cells.get(column)!)
  }

  async close(): Promise<void> {
    await this.file.close()
    if (this.temporary) await removeTemporaryFolder(this.folder)
  }

  private async bytes(start: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    const { bytesRead } = await this.file.read(bytes, 0, length, start)
    if (bytesRead < length)
      throw altered(this.folder, `a file that ends at byte ${start + bytesRead}`)
    return bytes
  }
}

function altered(folder: string, received: string, cause?: unknown): AthanorError {
  return new AthanorError('FORMAT', {
    operation: `reading rows from '${folder}'`,
    expected: 'a spool as it was written',
    received,
    fix: 'Remove the folder and read the data again',
    cause,
  })
}

/** Keeps blocks in memory up to a limit, then moves them to a spool and goes on there. */
export class OverflowWriter implements BlockWriter {
  private memory: MemoryWriter | undefined
  private spool: SpoolWriter | undefined

  constructor(
    private readonly columns: readonly StoredColumn[],
    readonly blockRows: number,
    private readonly limit: number,
    private readonly folder?: string,
  ) {
    this.memory = new MemoryWriter(columns, blockRows)
  }

  get inMemory(): boolean {
    return this.memory !== undefined
  }

  async write(columns: readonly BlockColumn[], rows: number): Promise<void> {
    if (this.spool !== undefined) return this.spool.write(columns, rows)
    await this.memory!.write(columns, rows)
    if (this.memory!.bytes <= this.limit) return
    this.spool = new SpoolWriter(this.columns, this.blockRows, this.folder)
    const { blocks, rows: total } = this.memory!
    this.memory = undefined
    let left = total
    for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
      await this.spool.writeEncoded(block, Math.min(left, this.blockRows))
      left -= this.blockRows
    }
  }

  finish(): Promise<BlockStore> {
    return (this.spool ?? this.memory!).finish()
  }

  discard(): Promise<void> {
    return (this.spool ?? this.memory!).discard()
  }
}
