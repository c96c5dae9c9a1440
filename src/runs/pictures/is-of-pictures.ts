// Whether what is asked for is a run on pictures: by the run that goes on, by an option, by what lies in a
// folder.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataSource } from '../read-data.js'
import { findRun, readManifest } from '../run-folder.js'
import type { TrainOptions } from '../train-options.js'
import { isPictureModel } from './picture-settings.js'

export async function isOfPictures(
  data: DataSource | undefined,
  options: TrainOptions,
): Promise<boolean> {
  const earlier = options.resume ?? options.repeat
  if (earlier !== undefined) {
    const manifest = await readManifest(await findRun(earlier, options.out))
    return manifest.kind === 'pictures'
  }
  if (options.picture !== undefined) return true
  if (typeof data !== 'string') return false
  return (await holdsPictures(data)) || (await isFolderFor(data, options))
}

/** A folder of something else, where nothing says that it is a table's: the reader says what is missing. */
async function isFolderFor(path: string, { model, target }: TrainOptions): Promise<boolean> {
  const isAsked = target === undefined || (model !== undefined && isPictureModel(model))
  return isAsked && (await isFolder(path))
}

const pictureNames = /\.(png|jpe?g|jpe|jfif|webp|gif|tiff?)$/i
const idxNames = /[-_.]?(images[-_.]idx[34]|labels[-_.]idx1)[-_.]ubyte(\.gz)?$/

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

export function isPictureFile(name: string): boolean {
  return pictureNames.test(name) || idxNames.test(name)
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
