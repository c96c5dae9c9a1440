// Moving pixels about: by whole pixels, and by an affine map with bilinear interpolation.

import type { PictureShape } from '../../data/pictures/index.js'
import { type PictureFill, placeInside } from './augmentation.js'

/** The picture moved right by `dx` and down by `dy` pixels; false, and nothing written, where both are 0. */
export function shiftPicture(
  from: Uint8Array,
  to: Uint8Array,
  [height, width, channels]: PictureShape,
  dx: number,
  dy: number,
  fill: PictureFill,
): boolean {
  if (dx === 0 && dy === 0) return false
  const stride = width * channels
  for (let y = 0; y < height; y++) {
    const row = placeInside(y - dy, height, fill)
    const at = y * stride
    if (row < 0) {
      to.fill(0, at, at + stride)
      continue
    }
    const source = row * stride
    const first = Math.max(0, dx)
    const last = Math.min(width, width + dx)
    for (let x = 0; x < width; x++) {
      if (x >= first && x < last) {
        const end = last * channels
        const offset = source - dx * channels
        for (let k = x * channels; k < end; k++) to[at + k] = from[offset + k]
        x = last - 1
        continue
      }
      const column = placeInside(x - dx, width, fill)
      for (let c = 0; c < channels; c++)
        to[at + x * channels + c] = column < 0 ? 0 : from[source + column * channels + c]
    }
  }
  return true
}

/**
 * The picture through an affine map about its centre: the pixel at (x, y) from the centre comes from
 * (a·x + b·y, c·x + d·y). False, and nothing written, where that is itself.
 */
export function warpPicture(
  from: Uint8Array,
  to: Uint8Array,
  [height, width, channels]: PictureShape,
  [a, b, c, d]: readonly [number, number, number, number],
  fill: PictureFill,
): boolean {
  if (a === 1 && b === 0 && c === 0 && d === 1) return false
  const stride = width * channels
  const middleX = (width - 1) / 2
  const middleY = (height - 1) / 2
  for (let y = 0; y < height; y++) {
    const rowX = b * (y - middleY) + middleX
    const rowY = d * (y - middleY) + middleY
    for (let x = 0; x < width; x++) {
      const sourceX = a * (x - middleX) + rowX
      const sourceY = c * (x - middleX) + rowY
      const left = Math.floor(sourceX)
      const top = Math.floor(sourceY)
      const u = sourceX - left
      const v = sourceY - top
      const at = y * stride + x * channels
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
        const place = top * stride + left * channels
        for (let k = 0; k < channels; k++) {
          const one = place + k
          const below = one + stride
          const upper = from[one] + u * (from[one + channels] - from[one])
          const lower = from[below] + u * (from[below + channels] - from[below])
          to[at + k] = upper + v * (lower - upper) + 0.5
        }
        continue
      }
      const x0 = placeInside(left, width, fill)
      const x1 = placeInside(left + 1, width, fill)
      const y0 = placeInside(top, height, fill)
      const y1 = placeInside(top + 1, height, fill)
      for (let k = 0; k < channels; k++) {
        const p00 = x0 < 0 || y0 < 0 ? 0 : from[y0 * stride + x0 * channels + k]
        const p01 = x1 < 0 || y0 < 0 ? 0 : from[y0 * stride + x1 * channels + k]
        const p10 = x0 < 0 || y1 < 0 ? 0 : from[y1 * stride + x0 * channels + k]
        const p11 = x1 < 0 || y1 < 0 ? 0 : from[y1 * stride + x1 * channels + k]
        const upper = p00 + u * (p01 - p00)
        to[at + k] = upper + v * (p10 + u * (p11 - p10) - upper) + 0.5
      }
    }
  }
  return true
}
