// A folder with IDX files: pairs of pictures and labels, each pair a part, as MNIST is published.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AthanorError } from '../../../base/errors.js'
import { readIdx } from '../../pictures/idx.js'
import {
  checkIdxLabels,
  type GivenPart,
  idxShape,
  type PictureShape,
} from '../../pictures/picture-dataset.js'

export interface IdxPictures {
  readonly shape: PictureShape
  readonly pixels: Uint8Array
  readonly labels: Int32Array
  readonly classes: readonly string[]
  readonly names: readonly string[]
  readonly parts?: readonly GivenPart[]
  readonly fingerprint: string
}

const imagesName = /^(.*?)[-_.]?images[-_.]idx[34][-_.]ubyte(\.gz)?$/
const labelsName = /^(.*?)[-_.]?labels[-_.]idx1[-_.]ubyte(\.gz)?$/

const partsOf: Readonly<Record<string, GivenPart>> = {
  train: 'train',
  t10k: 'test',
  test: 'test',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
}

/** Whether a name is that of IDX pictures. */
export function isIdxName(name: string): boolean {
  return imagesName.test(basename(name))
}

/**
 * All pairs in a folder, training first. A file `classes.txt`, one name a line, names the classes.
 *
 * @throws AthanorError DATA for pictures without labels, or pairs of other sizes; FORMAT for damaged files.
 */
export async function readIdxFolder(folder: string): Promise<IdxPictures> {
  const names = (await readdir(folder)).sort()
  const order = ['train', 'validation', 'test']
  const pairs = names
    .filter(name => imagesName.test(name))
    // The same file may lie there packed and unpacked.
    .filter(name => !(name.endsWith('.gz') && names.includes(name.slice(0, -3))))
    .map(images => {
      const prefix = imagesName.exec(images)![1]
      const labels = names.find(name => labelsName.exec(name)?.[1] === prefix)
      if (labels === undefined)
        throw new AthanorError('DATA', {
          operation: `reading '${join(folder, images)}'`,
          expected: `its labels beside it (${images.replace('images', 'labels').replace(/idx[34]/, 'idx1')})`,
          received: 'no such file',
        })
      return { prefix, images, labels, part: partsOf[prefix] as GivenPart | undefined }
    })
    .sort((a, b) => order.indexOf(a.part ?? 'train') - order.indexOf(b.part ?? 'train'))
  const hash = createHash('sha256')
  const read = async (name: string) => {
    const bytes = await readFile(join(folder, name))
    hash.update(name).update(createHash('sha256').update(bytes).digest())
    return readIdx(bytes, `'${join(folder, name)}'`)
  }
  const parts = []
  for (const pair of pairs) {
    const [images, labels] = [await read(pair.images), await read(pair.labels)]
    const source = `'${join(folder, pair.images)}'`
    const shape = idxShape(images, source)
    checkIdxLabels(images, labels, source)
    const first = parts[0]?.shape ?? shape
    if (shape.join() !== first.join())
      throw new AthanorError('DATA', {
        operation: `reading ${source}`,
        expected: `pictures of ${first.join(' × ')} as in the other files`,
        received: shape.join(' × '),
      })
    parts.push({ ...pair, shape, images, labels })
  }
  const rows = parts.reduce((sum, { images }) => sum + images.shape[0], 0)
  if (rows === 0)
    throw new AthanorError('DATA', {
      operation: `reading '${folder}'`,
      expected: 'at least one picture',
      received: 'none',
    })
  const { shape } = parts[0]
  const size = shape[0] * shape[1] * shape[2]
  const pixels = parts.length === 1 ? parts[0].images.values : new Uint8Array(rows * size)
  const labels = new Int32Array(rows)
  const rowNames: string[] = []
  const rowParts: GivenPart[] = []
  for (const { images, labels: given, prefix, part } of parts) {
    if (parts.length > 1) pixels.set(images.values, rowNames.length * size)
    labels.set(given.values, rowNames.length)
    for (let i = 0; i < images.shape[0]; i++) {
      rowNames.push(`${prefix || 'picture'} ${i + 1}`)
      if (part !== undefined) rowParts.push(part)
    }
  }
  const most = labels.reduce((largest, label) => Math.max(largest, label), 0)
  return {
    shape,
    pixels,
    labels,
    classes: await classNames(folder, names, most + 1),
    names: rowNames,
    ...(parts.length > 1 && rowParts.length === rows ? { parts: rowParts } : {}),
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
    throw new AthanorError('DATA', {
      operation: `reading '${path}'`,
      expected: `a different name for each of ${count} classes, one a line`,
      received: `${new Set(lines).size} names`,
    })
  return lines
}
