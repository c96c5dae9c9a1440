// IDX files, in which MNIST and its kin are published: a magic number, big-endian sizes, values.
// Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits" (1998), file formats.

import { AthanorError } from '../../base/errors.js'

/** What an IDX file holds. */
export interface IdxArray {
  /** [pictures, height, width], [pictures, height, width, channels], or [labels]. */
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: Uint8Array
}

const kinds: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
}

/** The most bytes that a file may say it holds. */
const mostBytes = 2 ** 32 - 1

/**
 * Reads an IDX file of unsigned bytes, gzipped or not. Sizes are checked against the bytes there are before
 * anything is believed; of a gzipped file no more is unpacked than its head promises.
 *
 * @throws AthanorError FORMAT for another magic number or element type, a truncated file, bytes after its
 * end, damaged gzip.
 * @example
 * ```ts
 * const bytes = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)
 * const { shape, values } = await readIdx(bytes) // shape [2], values 7 and 9
 * ```
 */
export async function readIdx(bytes: Uint8Array, source = 'an IDX file'): Promise<IdxArray> {
  const pieces = isGzip(bytes) ? unpacked(bytes, source) : [bytes]
  const reader = new IdxReader(source)
  for await (const piece of pieces) reader.push(piece)
  return reader.finish()
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function* unpacked(bytes: Uint8Array, source: string): AsyncGenerator<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(cause => {
        throw formatError(source, 'gzip that can be unpacked', 'damaged or truncated gzip', cause)
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function formatError(source: string, expected: string, received: string, cause?: unknown) {
  return new AthanorError('FORMAT', {
    operation: `reading ${source}`,
    expected,
    received,
    fix: 'Download or copy the file again',
    cause,
  })
}

/** Takes a file in pieces; knows from its head how much there must be. */
class IdxReader {
  private head = new Uint8Array(0)
  private shape: number[] | undefined
  private values = new Uint8Array(0)
  private filled = 0

  constructor(private readonly source: string) {}

  push(piece: Uint8Array): void {
    let rest = piece
    if (this.shape === undefined) {
      const joined = new Uint8Array(this.head.length + piece.length)
      joined.set(this.head)
      joined.set(piece, this.head.length)
      const end = this.readHead(joined)
      if (end === undefined) {
        this.head = joined
        return
      }
      rest = joined.subarray(end)
    }
    if (rest.length > this.values.length - this.filled)
      throw formatError(
        this.source,
        `${this.values.length} values, as its head says`,
        'further bytes after them',
      )
    this.values.set(rest, this.filled)
    this.filled += rest.length
  }

  /** Where the values begin; undefined while too little is there. */
  private readHead(bytes: Uint8Array): number | undefined {
    if (bytes.length < 4) return undefined
    const [zero, none, kind, rank] = bytes
    if (zero !== 0 || none !== 0 || kinds[kind] === undefined || rank === 0)
      throw formatError(
        this.source,
        'an IDX file, which begins with 00 00 08',
        [...bytes.subarray(0, 4)].map(byte => byte.toString(16).padStart(2, '0')).join(' '),
      )
    if (kind !== 0x08) throw formatError(this.source, 'unsigned bytes (type 08)', kinds[kind])
    if (rank > 4) throw formatError(this.source, 'one to four sizes', `${rank}`)
    const end = 4 + 4 * rank
    if (bytes.length < end) return undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, end)
    const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
    const size = shape.reduce((product, length) => product * length, 1)
    if (!(size <= mostBytes)) throw formatError(this.source, 'less than 4 GiB', shape.join(' × '))
    this.shape = shape
    this.values = new Uint8Array(size)
    return end
  }

  finish(): IdxArray {
    if (this.shape === undefined)
      throw formatError(this.source, 'an IDX file', `${this.head.length} bytes`)
    if (this.filled < this.values.length)
      throw formatError(
        this.source,
        `${this.values.length} values (${this.shape.join(' × ')}), as its head says`,
        `${this.filled}`,
      )
    return { shape: this.shape, values: this.values }
  }
}

/**
 * The bytes of an IDX file (not gzipped).
 *
 * @example
 * ```ts
 * const { shape } = await readIdx(writeIdx({ shape: [3], values: Uint8Array.of(1, 2, 3) })) // [3]
 * ```
 */
export function writeIdx({ shape, values }: IdxArray): Uint8Array {
  const head = 4 + 4 * shape.length
  const bytes = new Uint8Array(head + values.length)
  bytes.set([0, 0, 8, shape.length])
  const view = new DataView(bytes.buffer)
  shape.forEach((length, i) => {
    view.setUint32(4 + 4 * i, length)
  })
  bytes.set(values, head)
  return bytes
}
