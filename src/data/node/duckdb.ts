// DuckDB inside this process: loaded when first needed, never reaching the network, with a memory
// limit, and its result chunks as typed arrays.

import { createRequire } from 'node:module'
import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from '@duckdb/node-api'
import { AthanorError } from '../../base/errors.js'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js'

export interface DuckDb {
  readonly connection: DuckDBConnection
  /** Rows of a small result, as objects. */
  rows(sql: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** `memoryLimit` in bytes; spills to a temporary folder that `close` removes. */
export async function openDuckDb(memoryLimit: number): Promise<DuckDb> {
  const duckdb = await loadDuckDb()
  const folder = await makeTemporaryFolder('duckdb')
  let instance: DuckDBInstance
  try {
    instance = await duckdb.DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${Math.max(64, Math.floor(memoryLimit / 2 ** 20))}MiB`,
      temp_directory: folder,
    })
  } catch (cause) {
    await removeTemporaryFolder(folder)
    throw new AthanorError('FILE', {
      operation: 'starting DuckDB',
      received: messageOf(cause),
      cause,
    })
  }
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return {
    connection,
    rows: async sql => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
    close: async () => {
      connection.closeSync()
      instance.closeSync()
      await removeTemporaryFolder(folder)
    },
  }
}

async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    // `require`: an import would first parse all its CommonJS files for their names.
    return createRequire(import.meta.url)('@duckdb/node-api')
  } catch (cause) {
    throw new AthanorError('FILE', {
      operation: 'loading @duckdb/node-api',
      received: messageOf(cause),
      fix: `Install it for this platform (${process.platform}-${process.arch}), or pass rows as objects`,
      cause,
    })
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** One vector's memory: valid until the chunk is let go. */
export interface RawVector {
  readonly items: ArrayBufferView
  readonly validity: { readonly data: BigUint64Array | null; readonly offset: number }
  getItem(row: number): unknown
}

export interface RawChunk {
  readonly rows: number
  vector(column: number): RawVector
}

/** Chunks of a streamed result, the next one on its way while one is worked on. */
export async function* chunksOf(result: DuckDBResult): AsyncGenerator<RawChunk, void, undefined> {
  let next = result.fetchChunk()
  try {
    for (;;) {
      const chunk = await next
      if (chunk === null || chunk.rowCount === 0) return
      next = result.fetchChunk()
      // A failure is met when this promise is awaited, not before.
      next.catch(() => {})
      yield {
        rows: chunk.rowCount,
        vector: column => chunk.getColumnVector(column) as unknown as RawVector,
      }
    }
  } finally {
    // Left early: nothing may be closed while DuckDB still works on the next chunk.
    await next.catch(() => {})
  }
}

/** Validity bits as bytes, or null when every cell has a value. */
export function validityBytes(vector: RawVector): Uint8Array | null {
  const { data } = vector.validity
  return data === null ? null : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
