// From folders and files to a dataset of pictures of one size.

import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AthanorError, argumentError } from '../../../base/errors.js'
import type { PictureDataset } from '../../pictures/picture-dataset.js'
import { decodePictures } from './decode-pictures.js'
import {
  isManifest,
  listFiles,
  listFolder,
  listManifest,
  type PictureList,
} from './list-pictures.js'
import { openIdx } from './open-idx.js'
import { isIdxName } from './picture-names.js'
import { type OpenPicturesOptions, openPicturesOptions } from './picture-options.js'

/**
 * Opens pictures: a folder with a folder for each class (perhaps below `train`, `validation`, `test`), a
 * folder with IDX files, a table with a path and a class in each row, or pictures named one by one. PNG,
 * JPEG, WebP, GIF (first frame) and TIFF; by content, whatever the name says.
 *
 * @throws AthanorError FILE for what is not there, DATA where no picture can be used or, under `strict`, one
 * cannot, FORMAT for damaged IDX files, ARGUMENT for options, INTERRUPTED.
 * @example
 * ```ts
 * const pictures = await openPictures('examples/data/fashion-mnist-tiny')
 * console.log(pictures.rows, pictures.classes, pictures.shape)
 * ```
 */
export function openPictures(
  source: string | readonly string[],
  options: OpenPicturesOptions = {},
): Promise<PictureDataset> {
  return openAs(source, options, { mixed: false })
}

/**
 * Opens pictures whose classes do not matter: folders of any names may lie beside each other.
 *
 * @internal
 */
export function openPicturesToPredict(
  source: string | readonly string[],
  options: OpenPicturesOptions,
): Promise<PictureDataset> {
  return openAs(source, options, { mixed: true })
}

interface Folders {
  /** Whether parts and classes may lie beside each other. */
  readonly mixed: boolean
}

async function openAs(
  source: string | readonly string[],
  options: OpenPicturesOptions,
  folders: Folders,
): Promise<PictureDataset> {
  openPicturesOptions.check('openPictures', options)
  const shown =
    typeof source === 'string'
      ? basename(source)
      : source.length === 1
        ? basename(source[0])
        : `${source.length} pictures`
  const kind = typeof source === 'string' ? await kindOf(source) : 'files'
  if (kind !== 'manifest')
    for (const name of ['pictureColumn', 'labelColumn'] as const)
      if (options[name] !== undefined)
        throw argumentError(
          'openPictures',
          `no ${name}: only a table of paths has columns`,
          `'${options[name]}'`,
        )
  if (kind === 'idx') return openIdx(source as string, shown, options)
  const list = await listed(kind, source, options, folders)
  if (list.pictures.length === 0)
    throw new AthanorError('DATA', {
      operation: `reading '${shown}'`,
      expected: 'pictures (PNG, JPEG, WebP, GIF, TIFF), or IDX files',
      received:
        list.ignored > 0
          ? `${list.ignored} files of other kinds`
          : list.pathless.length > 0
            ? `${list.pathless.length} rows without a path`
            : 'nothing',
      fix: 'Give a folder with a folder of pictures for each class, or a table of paths and classes',
    })
  return decodePictures(list, shown, options)
}

type SourceKind = 'folder' | 'idx' | 'manifest' | 'files'

async function kindOf(path: string): Promise<SourceKind> {
  const found = await stat(path).catch(cause => {
    throw new AthanorError('FILE', {
      operation: `reading '${path}'`,
      expected: 'a folder or a file',
      received: 'nothing of that name',
      cause,
    })
  })
  if (found.isDirectory()) return (await readdir(path)).some(isIdxName) ? 'idx' : 'folder'
  if (isIdxName(path)) return 'idx'
  return isManifest(path) ? 'manifest' : 'files'
}

async function listed(
  kind: Exclude<SourceKind, 'idx'>,
  source: string | readonly string[],
  options: OpenPicturesOptions,
  { mixed }: Folders,
): Promise<PictureList> {
  const { outside } = options
  if (kind === 'folder') return listFolder(source as string, { outside, mixed })
  if (kind === 'manifest') return listManifest(source as string, options)
  return listFiles(typeof source === 'string' ? [source] : source)
}
