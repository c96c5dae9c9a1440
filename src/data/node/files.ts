// From what the user named to files that are there, and what each of them is.

import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { AthanorError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import { messageOf } from './duckdb.js'

export type FileFormat = 'csv' | 'json' | 'parquet' | 'arrow' | 'sqlite' | 'duckdb' | 'excel'

const extensions: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  txt: 'csv',
  dat: 'csv',
  data: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
  arrows: 'arrow',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  duckdb: 'duckdb',
  ddb: 'duckdb',
  xlsx: 'excel',
  xlsm: 'excel',
}

/** Beginnings by which a file shows what it is. */
const signatures: readonly { format: FileFormat; at: number; bytes: string }[] = [
  { format: 'parquet', at: 0, bytes: 'PAR1' },
  { format: 'arrow', at: 0, bytes: 'ARROW1' },
  { format: 'sqlite', at: 0, bytes: 'SQLite format 3\0' },
  { format: 'duckdb', at: 8, bytes: 'DUCK' },
  { format: 'excel', at: 0, bytes: 'PK\x03\x04' },
]

/** A beginning that these formats never lack. */
const alwaysSigned: ReadonlySet<FileFormat> = new Set(['parquet', 'sqlite', 'duckdb', 'excel'])

/** Files for a path, a glob (`*`, `?`, `**`, `{a,b}`, `[a-z]`) or a list of these, each list in its order. */
export async function expandFiles(source: string | readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of typeof source === 'string' ? [source] : source) {
    const found = await kindOf(path)
    if (found === 'file') files.push(path)
    else if (found === 'folder')
      throw new AthanorError('FILE', {
        operation: `reading '${path}'`,
        expected: 'a file',
        received: 'a folder',
        fix: `Name the files in it, for example '${join(path, '*.csv')}'`,
      })
    else if (/[*?{[]/.test(path)) {
      const matched = await glob(path)
      if (matched.length === 0)
        throw new AthanorError('FILE', {
          operation: `reading '${path}'`,
          expected: 'a pattern that some file matches',
          received: 'no file',
        })
      files.push(...matched)
    } else throw await notFound(path)
  }
  return files
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw fileError(path, cause)
  }
}

async function notFound(path: string): Promise<AthanorError> {
  const folder = dirname(path)
  let fix = `There is no folder '${resolve(folder)}'`
  try {
    const names = await readdir(folder)
    fix =
      names.length === 0
        ? `The folder '${folder}' is empty`
        : suggestName(basename(path), names.filter(name => !name.startsWith('.')).sort())
  } catch {}
  return new AthanorError('FILE', {
    operation: `reading '${path}'`,
    expected: 'a file',
    received: 'nothing of that name',
    fix,
  })
}

export function fileError(path: string, cause: unknown): AthanorError {
  return new AthanorError('FILE', {
    operation: `reading '${path}'`,
    received: messageOf(cause).split('\n')[0],
    cause,
  })
}

async function glob(pattern: string): Promise<string[]> {
  const parts = pattern.split(/[\\/]/)
  const firstWild = parts.findIndex(part => /[*?{[]/.test(part))
  const root = parts.slice(0, firstWild).join(sep) || (pattern.startsWith('/') ? '/' : '.')
  const rest = parts.slice(firstWild)
  const matched: string[] = []
  const walk = async (folder: string, wild: readonly string[]): Promise<void> => {
    const [part, ...after] = wild
    let entries: import('node:fs').Dirent[]
    try {
      entries = await readdir(folder, { withFileTypes: true })
    } catch {
      return
    }
    if (part === '**') {
      await walk(folder, after.length === 0 ? ['*'] : after)
      for (const entry of entries)
        if (entry.isDirectory() && !entry.name.startsWith('.'))
          await walk(join(folder, entry.name), wild)
      return
    }
    const matches = new RegExp(`^${patternSource(part)}$`, 'u')
    for (const entry of entries) {
      if (!matches.test(entry.name) || (entry.name.startsWith('.') && !part.startsWith('.')))
        continue
      const path = join(folder, entry.name)
      if (after.length > 0) await walk(path, after)
      else if (!entry.isDirectory()) matched.push(path)
    }
  }
  await walk(root, rest)
  return [...new Set(matched)].sort()
}

function patternSource(part: string): string {
  let source = ''
  let depth = 0
  for (let i = 0; i < part.length; i++) {
    const c = part[i]
    if (c === '*') source += '.*'
    else if (c === '?') source += '.'
    else if (c === '{') {
      source += '(?:'
      depth++
    } else if (c === '}' && depth > 0) {
      source += ')'
      depth--
    } else if (c === ',' && depth > 0) source += '|'
    else if (c === '[' && part.indexOf(']', i) > 0) {
      const end = part.indexOf(']', i)
      source += `[${part
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`
      i = end
    } else source += c.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  }
  return source
}

/** The first bytes of a file, unpacked when its name ends in .gz. */
export async function beginningOf(path: string, bytes: number): Promise<Uint8Array> {
  try {
    if (isGzip(path)) return await unpackedBeginning(path, bytes)
    const handle = await open(path, 'r')
    try {
      const buffer = new Uint8Array(bytes)
      let length = 0
      while (length < bytes) {
        const { bytesRead } = await handle.read(buffer, length, bytes - length, length)
        if (bytesRead === 0) break
        length += bytesRead
      }
      return buffer.subarray(0, length)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw fileError(path, cause)
  }
}

async function unpackedBeginning(path: string, bytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const enough = new Error('enough')
  try {
    await pipeline(createReadStream(path), createGunzip(), async chunks => {
      for await (const chunk of chunks) {
        parts.push(chunk)
        length += chunk.length
        if (length >= bytes) throw enough
      }
    })
  } catch (error) {
    if (error !== enough) throw error
  }
  return new Uint8Array(Buffer.concat(parts).subarray(0, bytes))
}

export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith('.gz')
}

/** The format a file has, by its beginning where that tells, otherwise by its name. */
export async function formatOf(path: string): Promise<FileFormat> {
  const name = basename(path).toLowerCase().replace(/\.gz$/, '')
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : ''
  const byName = Object.hasOwn(extensions, extension) ? extensions[extension] : undefined
  const beginning = await beginningOf(path, 512)
  if (beginning.length === 0)
    throw new AthanorError('DATA', {
      operation: `reading '${path}'`,
      expected: 'a table',
      received: 'an empty file',
    })
  const bySignature = signatures.find(({ at, bytes }) =>
    [...bytes].every((character, i) => beginning[at + i] === character.charCodeAt(0)),
  )?.format
  if (bySignature !== undefined) return bySignature
  if (byName !== undefined && alwaysSigned.has(byName))
    throw new AthanorError('FORMAT', {
      operation: `reading '${path}'`,
      expected: `a file of the format ${byName}`,
      received: 'another beginning: the file is truncated, altered or of another format',
    })
  if (byName !== undefined) return byName
  const text = new TextDecoder().decode(beginning).trimStart()
  if (/^[[{]/.test(text)) return 'json'
  if (!beginning.includes(0) || beginning[0] >= 0xfe) return 'csv'
  throw new AthanorError('FORMAT', {
    operation: `reading '${path}'`,
    expected: 'CSV, TSV, JSON, JSON lines, Parquet, Arrow, SQLite, DuckDB or Excel (.xlsx)',
    received: extension === '' ? 'an unknown format' : `an unknown format (.${extension})`,
  })
}
