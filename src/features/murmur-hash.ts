// MurmurHash3 for 32 bits (Appleby 2011) over a text's UTF-8 bytes, and its final mixing.

/** Spreads what differs in some bits over all of them. */
export function finalMix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const encoder = new TextEncoder()
let bytes = new Uint8Array(1024)

/** The hash of a text, or of a part of it, as a signed number, as scikit-learn's murmurhash3_32 gives it. */
export function murmurHash3(text: string, seed = 0, start = 0, end = text.length): number {
  const length = bytesOf(text, start, end)
  let hash = seed | 0
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    hash ^= scrambled(word)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  let rest = 0
  for (let i = length - 1; i >= whole; i--) rest = (rest << 8) | bytes[i]
  if (length > whole) hash ^= scrambled(rest)
  return finalMix(hash ^ length) | 0
}

function scrambled(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

/** Writes the bytes into `bytes`; those of ASCII without a call of the encoder. */
function bytesOf(text: string, start: number, end: number): number {
  const length = end - start
  if (3 * length > bytes.length) bytes = new Uint8Array(4 * length)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(start + i)
    if (code > 127) return encoder.encodeInto(text.slice(start, end), bytes).written
    bytes[i] = code
  }
  return length
}
