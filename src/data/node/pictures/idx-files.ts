// IDX files: pairs of pictures and labels, each pair a part, as MNIST is published. A folder stands for all
// pairs in it, a file for its own.

import { createHash } from 'node:crypto'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AthanorError } from '../../../base/errors.js'
import { readIdx } from '../../pictures/idx.js'
import {
  checkIdxLabels,
  type GivenPart,
  idxShape,
  type PictureShape,
} from '../../pictures/picture-dataset.js'
import { isInside } from './list-pictures.js'
import { idxPrefix, partNamed } from './picture-names.js'

export interface IdxPictures {
  readonly shape: PictureShape
  readonly pixels: Uint8Array
  readonly labels: Int32Array
  readonly classes: readonly string[]
  readonly names: readonly string[]
  readonly parts?: readonly (GivenPart | undefined)[]
  readonly fingerprint: string
}

interface Pair {
  readonly prefix: string
  readonly images: string
  readonly labels: string
  readonly part: GivenPart | undefined
}

function idxError(path: string, expected: string, received: string, fix?: string): AthanorError {
  return new AthanorError('DATA', { operation: `reading '${path}'`, expected, received, fix })
}

/** The labels of pictures, or the pictures of labels: the first of that prefix, unpacked before packed. */
function pairOf(folder: string, name: string, names: readonly string[]): Pair {
  const isImages = idxPrefix(name, 'images') !== undefined
  const [own, other] = isImages ? (['images', 'labels'] as const) : (['labels', 'images'] as const)
  const prefix = idxPrefix(name, own)!
  const partner = names.find(one => idxPrefix(one, other) === prefix)
  if (partner === undefined)
    throw idxError(
      join(folder, name),
      `its ${other} beside it (${[prefix, `${other}-idx${isImages ? 1 : 3}-ubyte`].filter(Boolean).join('-')})`,
      'no such file',
    )
  const [images, labels] = isImages ? [name, partner] : [partner, name]
  // A set's own name may come first: emnist-letters-train.
  return { prefix, images, labels, part: partNamed(prefix.split(/[-_.]/).at(-1)!) }
}

const order = ['train', 'validation', 'test'] as const

/** All pairs in a folder, training first. */
function pairsIn(folder: string, names: readonly string[]): Pair[] {
  const pairs = names
    .filter(name => idxPrefix(name, 'images') !== undefined)
    // The same file may lie there packed and unpacked.
    .filter(name => !(name.endsWith('.gz') && names.includes(name.slice(0, -3))))
    .map(name => pairOf(folder, name, names))
    .sort((a, b) => order.indexOf(a.part ?? 'train') - order.indexOf(b.part ?? 'train'))
  for (const part of order) {
    const same = pairs.filter(pair => pair.part === part).map(({ images }) => images)
    if (same.length > 1)
      throw idxError(
        folder,
        `pictures of one set, one file for ${part}`,
        same.join(', '),
        'Put each set into a folder of its own, or name one of the files',
      )
  }
  return pairs
}

/**
 * The pairs of a folder, or the pair of one file. A file `classes.txt` beside them, one name a line, names
 * the classes.
 *
 * @throws AthanorError DATA for pictures without labels, two sets in one folder, pairs of other sizes, links
 * that lead out of a folder unless `outside`; FORMAT for damaged files.
 */
export async function readIdxFiles(path: string, outside = false): Promise<IdxPictures> {
  const isFolder = (await stat(path)).isDirectory()
  const folder = isFolder ? path : dirname(path)
  const names = (await readdir(folder)).sort()
  const pairs = isFolder ? pairsIn(folder, names) : [pairOf(folder, basename(path), names)]
  const root = await realpath(folder)
  const hash = createHash('sha256')
  const read = async (name: string) => {
    const file = join(folder, name)
    if (isFolder && !outside && !isInside(root, await realpath(file)))
      throw idxError(
        file,
        'a file of that folder',
        'a link that leads out of it',
        'Allow it with the option outside',
      )
    const bytes = await readFile(file)
    hash.update(name).update(createHash('sha256').update(bytes).digest())
    return readIdx(bytes, `'${file}'`)
  }
  const parts = []
  for (const pair of pairs) {
    const [images, labels] = [await read(pair.images), await read(pair.labels)]
    const source = `'${join(folder, pair.images)}'`
    const shape = idxShape(images, source)
    checkIdxLabels(images, labels, source)
    const first = parts[0]?.shape ?? shape
    if (shape.join() !== first.join())
      throw idxError(
        join(folder, pair.images),
        `pictures of ${first.join(' × ')} as in the other files`,
        shape.join(' × '),
      )
    parts.push({ ...pair, shape, images, labels })
  }
  const rows = parts.reduce((sum, { images }) => sum + images.shape[0], 0)
  if (rows === 0) throw idxError(path, 'at least one picture', 'none')
  const { shape } = parts[0]
  const size = shape[0] * shape[1] * shape[2]
  const pixels = parts.length === 1 ? parts[0].images.values : new Uint8Array(rows * size)
  const labels = new Int32Array(rows)
  const rowNames: string[] = []
  const rowParts: (GivenPart | undefined)[] = []
  for (const { images, labels: given, prefix, part } of parts) {
    if (parts.length > 1) pixels.set(images.values, rowNames.length * size)
    labels.set(given.values, rowNames.length)
    for (let i = 0; i < images.shape[0]; i++) {
      rowNames.push(`${prefix || 'picture'} ${i + 1}`)
      rowParts.push(part)
    }
  }
  const most = labels.reduce((largest, label) => Math.max(largest, label), 0)
  return {
    shape,
    pixels,
    labels,
    classes: await classNames(folder, names, most + 1),
    names: rowNames,
    ...(parts.length > 1 && rowParts.some(part => part !== undefined) ? { parts: rowParts } : {}),
    fingerprint: hash.digest('hex').slice(0, 32),
  }
}

async function classNames(folder: string, names: readonly string[], count: number) {
  if (!names.includes('classes.txt')) return Array.from({ length: count }, (_, i) => String(i))
  const path = join(folder, 'classes.txt')
  const lines = (await readFile(path, 'utf8'))
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '')
  if (lines.length < count || new Set(lines).size < lines.length)
    throw idxError(
      path,
      `a different name for each of ${count} classes, one a line`,
      `${new Set(lines).size} names`,
    )
  return lines
}
