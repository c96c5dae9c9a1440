// Pictures that are there twice: equal in every pixel, or so nearly that no eye tells them apart. Candidates
// come from a hash of the gradients of a 9 × 8 thumbnail ("dHash"), and are then compared pixel by pixel.

import { greyOf } from '../../platform/picture-decoding.js'
import type { PictureShape } from './picture-dataset.js'
import { resizePixels } from './resize.js'

/** Mean difference of a pixel, of 255, up to which two pictures count as the same. */
const mostDifference = 3

/** Smaller pictures count as the same only when all pixels are equal: different ones look alike. */
const leastSide = 48

/** Unlike pictures of one hash that are remembered; more are compared with these only. */
const mostOfOneHash = 16

/** Finds duplicates while pictures come by, in the order of their rows. */
export class DuplicateFinder {
  private readonly exact = new Map<string, number>()
  private readonly nearby = new Map<string, number[]>()
  /** Of rows that are near copies of an earlier one: that one. */
  private readonly rootOf = new Map<number, number>()
  private readonly near: boolean

  constructor(
    private readonly shape: PictureShape,
    /** Pixels of an earlier row; undefined where they are gone, and only hashes can be compared. */
    private readonly pixelsOf: (row: number) => Uint8Array | undefined,
  ) {
    this.near = Math.min(shape[0], shape[1]) >= leastSide
  }

  /** The first row that this one equals; the row itself where there is none. */
  add(row: number, pixels: Uint8Array): number {
    const key = contentHash(pixels)
    const equal = this.exact.get(key)
    if (equal !== undefined && (this.difference(equal, pixels) ?? 0) === 0)
      return this.rootOf.get(equal) ?? equal
    if (equal === undefined) this.exact.set(key, row)
    if (!this.near) return row
    const hash = gradientHash(pixels, this.shape)
    const others = this.nearby.get(hash)
    if (others === undefined) {
      this.nearby.set(hash, [row])
      return row
    }
    const same = others.find(
      other => (this.difference(other, pixels) ?? Infinity) <= mostDifference,
    )
    if (same !== undefined) {
      this.rootOf.set(row, same)
      return same
    }
    if (others.length < mostOfOneHash) others.push(row)
    return row
  }

  /** Mean difference of a pixel; undefined for pictures that are gone. */
  private difference(row: number, pixels: Uint8Array): number | undefined {
    const other = this.pixelsOf(row)
    if (other === undefined) return undefined
    let sum = 0
    for (let i = 0; i < pixels.length; i++) sum += Math.abs(pixels[i] - other[i])
    return sum / pixels.length
  }
}

/** 64 bits of FNV-1a in two halves; good enough to find candidates, and hardly ever wrong on its own. */
function contentHash(pixels: Uint8Array): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let i = 0; i < pixels.length; i++) {
    a = Math.imul(a ^ pixels[i], 0x01000193)
    b = Math.imul((b << 5) ^ (b >>> 27) ^ pixels[i], 0x5bd1e995)
  }
  return `${a >>> 0}:${b >>> 0}`
}

/** Whether each pixel of a grey thumbnail is brighter than its right neighbour. */
function gradientHash(pixels: Uint8Array, [height, width, channels]: PictureShape): string {
  const grey = new Uint8Array(height * width)
  for (let i = 0; i < grey.length; i++)
    grey[i] =
      channels === 1 ? pixels[i] : greyOf(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2])
  const small = resizePixels(grey, [height, width, 1], [8, 9], 'fill')
  let text = ''
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) text += small[9 * y + x] > small[9 * y + x + 1] ? '1' : '0'
  return text
}
