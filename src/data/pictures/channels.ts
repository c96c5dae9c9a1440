// Grey pictures in colours, and coloured ones in grey.

/** Grey from red, green and blue by their luminance, or the same in all three. */
export function withDepth(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels
  const count = pixels.length / from
  const out = new Uint8Array(count * to)
  for (let i = 0; i < count; i++)
    if (to === 1)
      out[i] = Math.round(
        0.2126 * pixels[3 * i] + 0.7152 * pixels[3 * i + 1] + 0.0722 * pixels[3 * i + 2],
      )
    else for (let c = 0; c < 3; c++) out[3 * i + c] = pixels[i]
  return out
}
