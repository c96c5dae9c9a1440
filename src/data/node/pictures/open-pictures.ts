// From folders and files to a dataset of pictures of one size. Every picture is decoded once while it is
// opened: so broken ones are known before anything is trained, and equal ones are found.

import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { decodePicture, pictureHead } from '#platform'
import { AthanorError } from '../../../base/errors.js'
import { defaultMaxPixels, type PictureHead } from '../../../platform/picture-decoding.js'
import { DuplicateFinder } from '../../pictures/duplicate-pictures.js'
import {
  type BrokenPicture,
  MemoryPictures,
  PictureDataset,
  type PictureShape,
  type PictureStore,
} from '../../pictures/picture-dataset.js'
import { tableMemory } from '../table-memory.js'
import { someAtATime } from './ahead.js'
import { isIdxName } from './idx-folder.js'
import {
  isManifest,
  type ListedPicture,
  listFiles,
  listFolder,
  listManifest,
  type PictureList,
} from './list-pictures.js'
import { openIdx } from './open-idx.js'
import { findingsOf, namesOf } from './picture-findings.js'
import {
  largestDefaultSide,
  type OpenPicturesOptions,
  openPicturesOptions,
} from './picture-options.js'

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
export async function openPictures(
  source: string | readonly string[],
  options: OpenPicturesOptions = {},
): Promise<PictureDataset> {
  openPicturesOptions.check('openPictures', options)
  const shown =
    typeof source === 'string'
      ? basename(source)
      : source.length === 1
        ? basename(source[0])
        : `${source.length} pictures`
  const kind = typeof source === 'string' ? await kindOf(source) : 'files'
  if (kind === 'idx') {
    const path = source as string
    return openIdx(isIdxName(path) ? dirname(path) : path, shown, options)
  }
  const list = await listed(kind, source, options)
  if (list.pictures.length === 0)
    throw new AthanorError('DATA', {
      operation: `reading '${shown}'`,
      expected: 'pictures (PNG, JPEG, WebP, GIF, TIFF), or IDX files',
      received: list.ignored > 0 ? `${list.ignored} files of other kinds` : 'nothing',
      fix: 'Give a folder with a folder of pictures for each class, or a table of paths and classes',
    })
  return decodeAll(list, shown, options)
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

/** Whether a path holds pictures, by its name and what lies in it. */
export async function holdsPictures(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && (found.isDirectory() || isIdxName(path))
}

async function listed(
  kind: Exclude<SourceKind, 'idx'>,
  source: string | readonly string[],
  options: OpenPicturesOptions,
): Promise<PictureList> {
  if (kind === 'folder') return listFolder(source as string, options.outside)
  if (kind === 'manifest') return listManifest(source as string, options)
  return listFiles(typeof source === 'string' ? [source] : source)
}

/** Pictures that are decoded before the next ones are begun. */
const piece = 512

interface Head extends PictureHead {
  readonly digest: Buffer
}

async function decodeAll(
  list: PictureList,
  source: string,
  options: OpenPicturesOptions,
): Promise<PictureDataset> {
  const { maxPixels = defaultMaxPixels, workers = 2, onProgress, signal, strict = false } = options
  const { pictures } = list
  const why: (string | undefined)[] = pictures.map(() => undefined)
  const attempt = async (index: number, work: (bytes: Uint8Array) => Promise<void>) => {
    try {
      await work(await readFile(pictures[index].path))
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === undefined) throw error
      why[index] = reason
    }
  }
  const heads: (Head | undefined)[] = pictures.map(() => undefined)
  await someAtATime(
    pictures.length,
    workers,
    index =>
      attempt(index, async bytes => {
        const head = await pictureHead(bytes, maxPixels)
        heads[index] = { ...head, digest: createHash('sha256').update(bytes).digest() }
      }),
    signal,
  )
  const known = heads.filter(head => head !== undefined)
  if (known.length === 0) throw allBroken(source, brokenOf(pictures, why))
  const shape = shapeFor(known, options)
  const size = shape[0] * shape[1] * shape[2]
  const limit = options.memoryLimit ?? tableMemory()
  const decode = decoderFor(shape, options, maxPixels)
  const kept = known.length * size <= limit ? new Uint8Array(known.length * size) : undefined
  const usable: number[] = []
  heads.forEach((head, index) => {
    if (head !== undefined) usable.push(index)
  })
  // Duplicates are found in the order of the rows, whichever is decoded first.
  const waiting = new Map<number, Uint8Array | undefined>()
  const rows: number[] = []
  const duplicateOf: number[] = []
  const slots: number[] = []
  const finder = new DuplicateFinder(shape, row =>
    kept?.subarray(slots[row] * size, (slots[row] + 1) * size),
  )
  let next = 0
  const drain = () => {
    for (; waiting.has(next); next++) {
      const pixels = waiting.get(next)
      waiting.delete(next)
      if (pixels === undefined) continue
      kept?.set(pixels, next * size)
      slots.push(next)
      rows.push(usable[next])
      duplicateOf.push(finder.add(rows.length - 1, pixels))
    }
  }
  let done = 0
  // In pieces, so that no more than one piece waits for a picture that takes long.
  for (let start = 0; start < usable.length; start += piece)
    await someAtATime(
      Math.min(piece, usable.length - start),
      workers,
      async i => {
        const place = start + i
        let pixels: Uint8Array | undefined
        await attempt(usable[place], async bytes => {
          pixels = await decode(bytes)
        })
        waiting.set(place, pixels)
        drain()
        onProgress?.({ done: ++done, of: usable.length })
      },
      signal,
    )
  const broken = brokenOf(pictures, why)
  if (rows.length === 0) throw allBroken(source, broken)
  if (strict && broken.length > 0) throw someBroken(source, broken)
  const chosen = rows.map(index => pictures[index])
  const classes = options.classes ?? classesOf(chosen)
  const numbers = new Map(classes.map((name, i) => [name, i]))
  const labels = Int32Array.from(chosen, ({ label }) =>
    label === undefined ? -1 : (numbers.get(label) ?? -1),
  )
  const hash = createHash('sha256')
  for (const index of rows)
    hash
      .update(`${pictures[index].name}\0${pictures[index].label ?? ''}\0`)
      .update(heads[index]!.digest)
  const store: PictureStore =
    kept === undefined
      ? new FilePictures(chosen, size, decode, workers)
      : new MemoryPictures(compacted(kept, slots, size), size)
  return new PictureDataset({
    source,
    shape,
    classes,
    labels,
    store,
    names: chosen.map(({ name }) => name),
    ...(chosen.some(({ part }) => part !== undefined)
      ? { parts: chosen.map(({ part }) => part) }
      : {}),
    fingerprint: hash.digest('hex').slice(0, 32),
    broken,
    duplicateOf: Uint32Array.from(duplicateOf),
    findings: findingsOf(list.ignored, known, shape, broken, labels, Uint32Array.from(duplicateOf)),
  })
}

/** Pictures that were broken leave gaps, which are closed. */
function compacted(pixels: Uint8Array, slots: readonly number[], size: number): Uint8Array {
  slots.forEach((slot, row) => {
    if (slot !== row) pixels.copyWithin(row * size, slot * size, (slot + 1) * size)
  })
  return pixels.subarray(0, slots.length * size)
}

function classesOf(pictures: readonly ListedPicture[]): string[] {
  const names = new Set<string>()
  for (const { label } of pictures) if (label !== undefined) names.add(label)
  const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted.every(name => /^\d{1,9}$/.test(name))
    ? sorted.sort((a, b) => Number(a) - Number(b))
    : sorted
}

/** What a picture that cannot be used suffers from; undefined for errors that are not the picture's. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof AthanorError)
    return error.code === 'FORMAT' ? error.message.split('received ').at(-1) : undefined
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read'
  return code === 'EISDIR' ? 'a folder' : undefined
}

function brokenOf(
  pictures: readonly ListedPicture[],
  why: readonly (string | undefined)[],
): BrokenPicture[] {
  return pictures.flatMap(({ name }, i) => {
    const reason = why[i]
    return reason === undefined ? [] : [{ name, reason }]
  })
}

function allBroken(source: string, broken: readonly BrokenPicture[]): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${source}'`,
    expected: 'pictures that can be decoded',
    received: `none: ${namesOf(broken)}`,
  })
}

function someBroken(source: string, broken: readonly BrokenPicture[]): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${source}'`,
    expected: 'no broken pictures (strict)',
    received: `${broken.length}: ${namesOf(broken)}`,
    fix: 'Remove or replace them, or leave out strict',
  })
}

/** The size and the channels that all pictures are brought to. */
function shapeFor(
  heads: readonly PictureHead[],
  { pictureSize, channels }: OpenPicturesOptions,
): PictureShape {
  const depth = channels ?? (heads.every(({ grey }) => grey) ? 1 : 3)
  if (typeof pictureSize === 'number') return [pictureSize, pictureSize, depth]
  if (pictureSize !== undefined) return [pictureSize[0], pictureSize[1], depth]
  const [{ height, width }] = heads
  const allSame = heads.every(head => head.height === height && head.width === width)
  if (allSame && Math.max(height, width) <= largestDefaultSide) return [height, width, depth]
  const sides = heads.map(head => Math.min(head.height, head.width)).sort((a, b) => a - b)
  const median = Math.min(sides[sides.length >> 1], largestDefaultSide)
  const side = median >= 32 ? 8 * Math.round(median / 8) : median
  return [side, side, depth]
}

type Decode = (bytes: Uint8Array) => Promise<Uint8Array>

function decoderFor(shape: PictureShape, { fit }: OpenPicturesOptions, maxPixels: number): Decode {
  const channels = shape[2] === 1 ? 1 : 3
  return async bytes =>
    (await decodePicture(bytes, { size: [shape[0], shape[1]], fit, channels, maxPixels })).pixels
}

/** Decoded anew whenever wanted: pictures that memory cannot hold. */
class FilePictures implements PictureStore {
  readonly inMemory = false

  constructor(
    private readonly pictures: readonly ListedPicture[],
    private readonly size: number,
    private readonly decode: Decode,
    private readonly workers: number,
  ) {}

  async read(rows: Uint32Array): Promise<Uint8Array> {
    const out = new Uint8Array(rows.length * this.size)
    await someAtATime(rows.length, this.workers, async i => {
      const { path, name } = this.pictures[rows[i]]
      try {
        out.set(await this.decode(await readFile(path)), i * this.size)
      } catch (cause) {
        throw new AthanorError('FILE', {
          operation: `reading picture '${name}'`,
          expected: 'the file that was there before',
          received: reasonOf(cause) ?? String(cause),
          cause,
        })
      }
    })
    return out
  }
}
