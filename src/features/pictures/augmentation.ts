// What one step of augmentation is.

import type { PictureShape } from '../../data/pictures/index.js'
import type { PictureDraws } from './draws.js'

/** What lies outside the picture: black, its border mirrored, or its border drawn out. */
export type PictureFill = 'black' | 'reflect' | 'edge'

/** The kinds of fill. */
export const pictureFills = ['black', 'reflect', 'edge'] as const satisfies readonly PictureFill[]

/** A random change of one picture. */
export interface PictureAugmentation {
  readonly name: string
  /**
   * Writes the changed picture to `to` and returns true; or returns false, and `from` stands. Draws the same
   * numbers for the same picture whatever else there is.
   */
  apply(from: Uint8Array, to: Uint8Array, shape: PictureShape, draws: PictureDraws): boolean
  /** Its options, all of them. */
  config(): Readonly<Record<string, number | string>>
}

/** Place `i` of a line of `length`, where it lies outside; −1 for black. */
export function placeInside(i: number, length: number, fill: PictureFill): number {
  if (i >= 0 && i < length) return i
  if (fill === 'black') return -1
  if (fill === 'edge') return i < 0 ? 0 : length - 1
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const place = ((i % period) + period) % period
  return place < length ? place : period - place
}
