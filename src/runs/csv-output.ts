// A CSV file written piece by piece: it appears only when it is whole; without one the text goes on.

import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder, writeError } from './storage.js'

/** Writes the pieces to `out`, or hands them to `onText`. Errors: FILE. */
export async function writePieces(
  pieces: AsyncIterable<string>,
  out: string | undefined,
  onText: (text: string) => void,
): Promise<void> {
  const temporary = `${out}.${process.pid}.tmp`
  let file: FileHandle | undefined
  try {
    if (out !== undefined) file = await open(temporary, 'w')
    for await (const text of pieces) {
      if (file !== undefined) await file.writeFile(text)
      else onText(text)
    }
    if (file !== undefined && out !== undefined) {
      await file.sync()
      await file.close()
      file = undefined
      await rename(temporary, out)
      await syncFolder(dirname(out))
    }
  } catch (error) {
    if (out === undefined || !isFileError(error)) throw error
    throw writeError(out, error)
  } finally {
    if (file !== undefined) {
      await file.close().catch(() => {})
      await rm(temporary, { force: true }).catch(() => {})
    }
  }
}

function isFileError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException)?.code === 'string' && 'errno' in (error as object)
}
