// IDX files as a dataset, resized where another size is asked for.

import { AthanorError } from '../../../base/errors.js'
import { defaultMaxPixels } from '../../../platform/picture-decoding.js'
import { withDepth } from '../../pictures/channels.js'
import { DuplicateFinder } from '../../pictures/duplicate-pictures.js'
import { PictureDataset, type PictureShape } from '../../pictures/picture-dataset.js'
import { resizePixels } from '../../pictures/resize.js'
import { readIdxFiles } from './idx-files.js'
import { duplicateFindings } from './picture-findings.js'
import type { OpenPicturesOptions } from './picture-options.js'
import { shapeFor } from './picture-shape.js'

/** Pictures between two looks at the signal. */
const piece = 1024

export async function openIdx(
  path: string,
  source: string,
  options: OpenPicturesOptions,
): Promise<PictureDataset> {
  const read = await readIdxFiles(path, options.outside)
  const { classes = read.classes, onProgress, signal } = options
  const rows = read.labels.length
  const shape = shapeOf(read.shape, rows, source, options)
  const resized = resizer(read.shape, shape, options)
  const [from, to] = [read.shape, shape].map(([height, width, depth]) => height * width * depth)
  const pixels = resized === undefined ? read.pixels : new Uint8Array(rows * to)
  const finder = new DuplicateFinder(shape, row => pixels.subarray(row * to, (row + 1) * to))
  const duplicateOf = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    if (row % piece === 0) {
      onProgress?.({ done: row, of: rows })
      await new Promise(resolve => setImmediate(resolve))
      if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'reading pictures' })
    }
    if (resized !== undefined)
      pixels.set(resized(read.pixels.subarray(row * from, (row + 1) * from)), row * to)
    duplicateOf[row] = finder.add(row, pixels.subarray(row * to, (row + 1) * to))
  }
  onProgress?.({ done: rows, of: rows })
  const labels = read.labels.map(label => classes.indexOf(read.classes[label]))
  return PictureDataset.fromPixels(pixels, shape, labels, classes, {
    source,
    names: read.names,
    ...(read.parts === undefined ? {} : { parts: read.parts }),
    fingerprint: read.fingerprint,
    duplicateOf,
    findings: duplicateFindings(labels, duplicateOf),
  })
}

/** The shape asked for, else the files' own; throws DATA where options allow neither. */
function shapeOf(
  own: PictureShape,
  rows: number,
  source: string,
  options: OpenPicturesOptions,
): PictureShape {
  const refuse = (expected: string, received: string, fix?: string) =>
    new AthanorError('DATA', { operation: `reading '${source}'`, expected, received, fix })
  const [height, width, depth] = own
  const { pictureSize = [height, width], maxPixels = defaultMaxPixels, memoryLimit } = options
  if (height * width > maxPixels)
    throw refuse(`pictures of at most ${maxPixels} pixels (maxPixels)`, `${width} × ${height}`)
  const shape = shapeFor([{ height, width, grey: depth === 1 }], { ...options, pictureSize })
  const bytes = rows * shape[0] * shape[1] * shape[2]
  if (memoryLimit !== undefined && bytes > memoryLimit)
    throw refuse(
      `at most ${memoryLimit} bytes of pixels (memoryLimit)`,
      `${bytes}`,
      'IDX files are held in memory: allow more, or take pictures in files of their own',
    )
  return shape
}

/** From one shape to another; undefined where they are the same. */
function resizer(
  from: PictureShape,
  [height, width, depth]: PictureShape,
  { fit }: OpenPicturesOptions,
): ((pixels: Uint8Array) => Uint8Array) | undefined {
  if (from.join() === [height, width, depth].join()) return undefined
  return pixels =>
    resizePixels(withDepth(pixels, from[2], depth), [from[0], from[1], depth], [height, width], fit)
}
