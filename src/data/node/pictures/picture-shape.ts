// The size and the channels that all pictures of a source are brought to.

import type { PictureHead } from '../../../platform/picture-decoding.js'
import type { PictureShape } from '../../pictures/picture-dataset.js'
import { largestDefaultSide, type OpenPicturesOptions } from './picture-options.js'

/** What is asked for; else what the pictures have, see `OpenPicturesOptions.pictureSize`. */
export function shapeFor(
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

/** Whether a picture more leaves a shape as it is, as far as one can tell before all are known. */
export function keepsShape(
  shape: PictureShape,
  head: PictureHead,
  options: OpenPicturesOptions,
): boolean {
  const [height, width, depth] = shapeFor([head], options)
  return height === shape[0] && width === shape[1] && depth <= shape[2]
}
