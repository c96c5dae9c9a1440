// Which encoding a text file has, and its content as UTF-8.
// By default: a byte order mark decides; otherwise zeros in every other byte mean UTF-16, valid UTF-8
// is UTF-8, and what is valid GB18030 with mostly Chinese characters is GB18030. Anything else is an
// error that names the place.

import { isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { AthanorError, argumentError } from '../../base/errors.js'
import { beginningOf, fileError, isGzip } from './files.js'

const sampleBytes = 256 * 1024

/** The name TextDecoder knows it by; `utf-8` needs no transcoding. */
export async function encodingOf(path: string, given?: string): Promise<string> {
  if (given !== undefined && given !== 'auto') {
    try {
      return new TextDecoder(given).encoding
    } catch {
      throw argumentError(
        'encoding',
        "'utf-8', 'utf-16le', 'gb18030' or another of the WHATWG's",
        given,
      )
    }
  }
  const bytes = await beginningOf(path, sampleBytes)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  for (let i = 0; i < Math.min(bytes.length, 4096); i++) if (bytes[i] === 0) zeros[i & 1]++
  const half = Math.min(bytes.length, 4096) / 2
  if (zeros[1] > 0.4 * half && zeros[0] === 0) return 'utf-16le'
  if (zeros[0] > 0.4 * half && zeros[1] === 0) return 'utf-16be'
  if (decodes(bytes, 'utf-8') !== undefined) return 'utf-8'
  const chinese = decodes(bytes, 'gb18030')
  if (chinese !== undefined && mostlyChinese(chinese)) return 'gb18030'
  throw brokenText(path, bytes)
}

/** Stops at the last whole character, so that a sample cut in the middle of one still decodes. */
function decodes(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true })
    return decoder.decode(bytes, { stream: bytes.length === sampleBytes })
  } catch {
    return undefined
  }
}

function mostlyChinese(text: string): boolean {
  let chinese = 0
  let other = 0
  for (const character of text) {
    const point = character.codePointAt(0)!
    if (point < 0x80) continue
    // Level-one characters and punctuation: what running Chinese text is made of.
    if (
      (point >= 0x4e00 && point <= 0x9fff) ||
      (point >= 0x3000 && point <= 0x303f) ||
      point >= 0xff00
    )
      chinese++
    else other++
  }
  return chinese > 3 * other
}

function brokenText(path: string, bytes: Uint8Array): AthanorError {
  return brokenAt(path, firstBroken(bytes), 1, 0)
}

function brokenAt(path: string, at: Place, line: number, offset: number): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${path}'`,
    expected: 'text in UTF-8',
    received: `a broken character in line ${line + at.lines} (byte ${offset + at.offset})`,
    fix: "Name the file's encoding, for example encoding: 'gb18030', 'utf-16le' or 'windows-1252'",
  })
}

interface Place {
  readonly lines: number
  readonly offset: number
}

function firstBroken(bytes: Uint8Array): Place {
  let low = 0
  let high = bytes.length
  // The longest prefix that decodes, by bisection: a prefix of broken text stays broken.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true })
      low = middle
    } catch {
      high = middle - 1
    }
  }
  return { lines: countLines(bytes.subarray(0, low)), offset: low }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) lines++
  return lines
}

/** The error for the first broken character of a file, undefined when it is all UTF-8. */
export async function findBrokenText(path: string): Promise<AthanorError | undefined> {
  const stream = createReadStream(path, { highWaterMark: 1 << 20 })
  let line = 1
  let offset = 0
  let held = new Uint8Array(0)
  for await (const chunk of isGzip(path) ? stream.pipe(createGunzip()) : stream) {
    const bytes = new Uint8Array(Buffer.concat([held, chunk as Uint8Array]))
    // A character may go on in the next chunk: what follows the last ASCII byte waits.
    let end = bytes.length
    while (end > 0 && bytes.length - end < 4 && bytes[end - 1] >= 0x80) end--
    if (!isUtf8(bytes.subarray(0, end))) return brokenAt(path, firstBroken(bytes), line, offset)
    line += countLines(bytes.subarray(0, end))
    offset += end
    held = bytes.slice(end)
  }
  return isUtf8(held) ? undefined : brokenAt(path, firstBroken(held), line, offset)
}

/**
 * Writes the file's text as UTF-8 to `target`. `lineEnds` also makes every CRLF a LF.
 * A byte sequence that the encoding doesn't have is an error.
 */
export async function transcode(
  path: string,
  encoding: string,
  target: string,
  lineEnds = false,
): Promise<void> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let read = 0
  async function* decoded(chunks: AsyncIterable<Uint8Array>) {
    let held = ''
    for await (const chunk of chunks) {
      read += chunk.length
      let text = held + decoder.decode(chunk, { stream: true })
      held = ''
      if (lineEnds) {
        if (text.endsWith('\r')) {
          held = '\r'
          text = text.slice(0, -1)
        }
        text = text.replace(/\r\n?/g, '\n')
      }
      yield text
    }
    yield (held + decoder.decode()).replace(/\r$/, lineEnds ? '\n' : '\r')
  }
  const bytes: AsyncIterable<Uint8Array> = isGzip(path)
    ? createReadStream(path).pipe(createGunzip())
    : createReadStream(path, { highWaterMark: 1 << 20 })
  try {
    await pipeline(Readable.from(decoded(bytes), { objectMode: true }), createWriteStream(target))
  } catch (cause) {
    if (cause instanceof TypeError)
      throw new AthanorError('DATA', {
        operation: `reading '${path}'`,
        expected: `text in ${encoding}`,
        received: `a broken character before byte ${read}`,
        cause,
      })
    throw fileError(path, cause)
  }
}
