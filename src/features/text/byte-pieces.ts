// What byte pairs are merged within: words with the space before them, runs of digits, of other signs and of
// white space, cut as GPT-2 does (Radford et al. 2019); and the order of its 256 bytes.

import { specialCount } from './special-tokens.js'

const pattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** Calls `each` with every piece; joined they are the text. */
export function forEachPiece(text: string, each: (piece: string) => void): void {
  for (const [piece] of text.matchAll(pattern)) each(piece)
}

/** GPT-2 numbers the printable bytes first, then the others. */
function isPrintable(byte: number): boolean {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173)
}

const allBytes = Array.from({ length: 256 }, (_, byte) => byte)

/** The byte of each id, counted from `specialCount`. */
export const bytesInOrder: readonly number[] = [
  ...allBytes.filter(isPrintable),
  ...allBytes.filter(byte => !isPrintable(byte)),
]

/** The id of each byte. */
export const idOfByte = new Int32Array(256)
bytesInOrder.forEach((byte, i) => {
  idOfByte[byte] = specialCount + i
})

const utf8 = new TextEncoder()

export function byteIds(piece: string): Int32Array {
  const bytes = utf8.encode(piece)
  const ids = new Int32Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) ids[i] = idOfByte[bytes[i]]
  return ids
}
