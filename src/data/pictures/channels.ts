// Grey pictures in colours, and coloured ones in grey.

import { greyOf } from '../../platform/picture-decoding.js'

/** Grey from red, green and blue by their luminance, or the same in all three. */
export function withDepth(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels
  const count = pixels.length / from
  const out = new Uint8Array(count * to)
  for (let i = 0; i < count; i++)
    if (to === 1) out[i] = greyOf(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2])
    else for (let c = 0; c < 3; c++) out[3 * i + c] = pixels[i]
  return out
}
