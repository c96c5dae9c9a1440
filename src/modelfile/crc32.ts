// CRC-32 (ISO 3309, reflected polynomial 0xEDB88320), four bytes a step ("slicing by 4").

const tables = makeTables()

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    first[n] = c
  }
  const all = [first]
  for (let t = 1; t < 4; t++) {
    const before = all[t - 1]
    all.push(Uint32Array.from(before, c => first[c & 255] ^ (c >>> 8)))
  }
  return all
}

/** Checksum of the bytes; `start` is the checksum of what came before them. */
export function crc32(bytes: Uint8Array, start = 0): number {
  const [t0, t1, t2, t3] = tables
  let c = ~start
  let i = 0
  for (; i + 4 <= bytes.length; i += 4) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    c = t3[c & 255] ^ t2[(c >>> 8) & 255] ^ t1[(c >>> 16) & 255] ^ t0[c >>> 24]
  }
  for (; i < bytes.length; i++) c = t0[(c ^ bytes[i]) & 255] ^ (c >>> 8)
  return ~c >>> 0
}
