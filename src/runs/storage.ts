// Files that must survive: written beside, synced, renamed, the folder synced. What stood there before
// stays until the new one is safe.

import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AthanorError } from '../base/errors.js'
import type { MessageKey, Say } from './messages/messages.js'
import { RunError, runError } from './run-error.js'

type Reason = Extract<
  MessageKey,
  | 'diskFull'
  | 'fileTooLarge'
  | 'readOnly'
  | 'noPermission'
  | 'noSuchFile'
  | 'isFolder'
  | 'notFolder'
>

const reasons: Readonly<Record<string, Reason>> = {
  ENOSPC: 'diskFull',
  EDQUOT: 'diskFull',
  EFBIG: 'fileTooLarge',
  EROFS: 'readOnly',
  EACCES: 'noPermission',
  EPERM: 'noPermission',
  ENOENT: 'noSuchFile',
  EISDIR: 'isFolder',
  ENOTDIR: 'notFolder',
  EEXIST: 'notFolder',
}

function fileError(key: 'cannotWrite' | 'cannotRead', path: string, error: unknown): AthanorError {
  if (error instanceof AthanorError) return error
  const code = (error as NodeJS.ErrnoException)?.code ?? ''
  const reason = (say: Say) =>
    Object.hasOwn(reasons, code) ? say(reasons[code]) : String((error as Error)?.message ?? error)
  return new RunError('FILE', say => say(key, { path, reason: reason(say) }), error)
}

export const writeError = (path: string, error: unknown) => fileError('cannotWrite', path, error)
export const readError = (path: string, error: unknown) => fileError('cannotRead', path, error)

let written = 0

/** Characters gathered before they are written. */
const pieceLength = 2 ** 20

/**
 * Replaces a file so that a crash at any moment leaves the old or the new one, whole. Texts may come
 * piece by piece. Throws FILE when the disk is full or the folder cannot be written; the old file is
 * then still there.
 */
export async function writeDurably(
  path: string,
  content: string | Uint8Array | Iterable<string>,
): Promise<void> {
  const temporary = `${path}.${process.pid}-${++written}.tmp`
  let file: FileHandle | undefined
  try {
    file = await open(temporary, 'w')
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content)
    else await writePieces(file, content)
    await file.sync()
    await file.close()
    file = undefined
    await rename(temporary, path)
  } catch (error) {
    await file?.close().catch(() => {})
    await rm(temporary, { force: true }).catch(() => {})
    throw writeError(path, error)
  }
  await syncFolder(dirname(path))
}

async function writePieces(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < pieceLength) continue
    await file.writeFile(text)
    text = ''
  }
  await file.writeFile(text)
}

/** A rename is safe once its folder is on disk; not every system lets a folder be synced. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined
  try {
    folder = await open(path, 'r')
    await folder.sync()
  } catch {
    // Windows and some network file systems refuse; the rename itself has been done.
  } finally {
    await folder?.close().catch(() => {})
  }
}

export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw writeError(path, error)
  }
}

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw readError(path, error)
  }
}

export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path))
}

/** Parses a JSON file; FORMAT when it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw runError('FORMAT', 'cannotRead', { path, reason: (error as Error).message })
  }
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
