// A folder of IDX files as a dataset, resized where another size is asked for.

import { withDepth } from '../../pictures/channels.js'
import { DuplicateFinder } from '../../pictures/duplicate-pictures.js'
import { PictureDataset, type PictureShape } from '../../pictures/picture-dataset.js'
import { resizePixels } from '../../pictures/resize.js'
import { readIdxFolder } from './idx-folder.js'
import { duplicateFindings } from './picture-findings.js'
import type { OpenPicturesOptions } from './picture-options.js'

export async function openIdx(
  folder: string,
  source: string,
  options: OpenPicturesOptions,
): Promise<PictureDataset> {
  const read = await readIdxFolder(folder)
  const { pixels, shape } = sized(read.pixels, read.shape, options)
  const size = shape[0] * shape[1] * shape[2]
  const finder = new DuplicateFinder(shape, row => pixels.subarray(row * size, (row + 1) * size))
  const duplicateOf = Uint32Array.from(read.labels, (_, row) =>
    finder.add(row, pixels.subarray(row * size, (row + 1) * size)),
  )
  const { classes = read.classes } = options
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

/** All pictures in the size and the channels asked for. */
function sized(
  pixels: Uint8Array,
  shape: PictureShape,
  { pictureSize, channels, fit }: OpenPicturesOptions,
): { pixels: Uint8Array; shape: PictureShape } {
  const height = typeof pictureSize === 'number' ? pictureSize : (pictureSize?.[0] ?? shape[0])
  const width = typeof pictureSize === 'number' ? pictureSize : (pictureSize?.[1] ?? shape[1])
  const depth = channels ?? shape[2]
  if (height === shape[0] && width === shape[1] && depth === shape[2]) return { pixels, shape }
  const from = shape[0] * shape[1] * shape[2]
  const to = height * width * depth
  const rows = pixels.length / from
  const out = new Uint8Array(rows * to)
  for (let row = 0; row < rows; row++) {
    const one = withDepth(pixels.subarray(row * from, (row + 1) * from), shape[2], depth)
    out.set(resizePixels(one, [shape[0], shape[1], depth], [height, width], fit), row * to)
  }
  return { pixels: out, shape: [height, width, depth] }
}
