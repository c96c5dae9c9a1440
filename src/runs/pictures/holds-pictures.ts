// Whether a path holds pictures: by names, and by what lies in a folder.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isIdxName, isPictureName } from '../../data/node/pictures/picture-names.js'

/** Entries that are looked at before a folder counts as one without pictures. */
const mostEntries = 5_000

/** An IDX file, a picture, or a folder in which, at any depth, there is one. */
export async function holdsPictures(path: string): Promise<boolean> {
  if (!(await isFolder(path))) return isPictureFile(path) && (await exists(path))
  const folders = [path]
  let seen = 0
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      if (++seen > mostEntries) return false
      if (entry.isDirectory()) folders.push(join(folder, entry.name))
      else if (isPictureFile(entry.name)) return true
    }
  }
  return false
}

function isPictureFile(name: string): boolean {
  return isPictureName(name) || isIdxName(name)
}

/** Whether there is a folder of that name. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
