// CRC-32 (ISO 3309, as in gzip and PNG), eight bytes a step ("slicing by 8", Kounavis and Berry 2005).

const tables: Uint32Array[] = []

function makeTables(): void {
  const first = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    let c = i
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    first[i] = c
  }
  tables.push(first)
  for (let t = 1; t < 8; t++) {
    const previous = tables[t - 1]
    tables.push(previous.map(c => (c >>> 8) ^ first[c & 255]) as Uint32Array)
  }
}

/**
 * Checksum of the bytes, going on from `previous`.
 *
 * @example
 * ```ts
 * crc32(new TextEncoder().encode('123456789')) // 0xcbf43926
 * ```
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  if (tables.length === 0) makeTables()
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables
  let c = ~previous
  let i = 0
  for (; i + 8 <= bytes.length; i += 8) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    c =
      t7[c & 255] ^
      t6[(c >>> 8) & 255] ^
      t5[(c >>> 16) & 255] ^
      t4[c >>> 24] ^
      t3[bytes[i + 4]] ^
      t2[bytes[i + 5]] ^
      t1[bytes[i + 6]] ^
      t0[bytes[i + 7]]
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]) & 255]
  return ~c >>> 0
}
