// A text file as one text: its encoding found as that of a table is, its line ends made one kind.

import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { AthanorError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { someText } from '../../base/value-kinds.js'
import { encodingOf } from '../node/encoding.js'
import { expandFiles, fileError, isGzip } from '../node/files.js'

/** Options of `readTextFile`. */
export interface ReadTextOptions {
  /** `utf-8`, `utf-16le`, `gb18030` or another of the WHATWG's. Default: found from the file. */
  readonly encoding?: string
}

/** @internal */
export const readTextOptions = new OptionTable<ReadTextOptions>({ encoding: someText })

/** A text and how it was read. */
export interface TextFile {
  readonly text: string
  /** The encoding it was read by. */
  readonly encoding: string
  readonly bytes: number
}

/** Texts are held in memory, two bytes a character. */
const mostBytes = 256 * 2 ** 20

/**
 * Reads a text file, gzip too. A byte order mark decides the encoding, else zeros in every other byte mean
 * UTF-16, and what is no UTF-8 but mostly Chinese as GB18030 is that. Line ends become `\n`; a byte order mark
 * is left out.
 *
 * @throws AthanorError FILE (not there, not readable, larger than 256 MiB); DATA for a file that is no text, or
 * not of its encoding; ARGUMENT for an encoding that there is not.
 * @example
 * ```ts
 * const { text } = await readTextFile('examples/data/moby-dick/moby-dick.txt')
 * ```
 */
export async function readTextFile(path: string, options?: ReadTextOptions): Promise<TextFile> {
  const { encoding: given } = readTextOptions.check('readTextFile', options)
  await expandFiles([path])
  const bytes = await contentOf(path)
  const encoding = await encodingNamed(path, bytes, given)
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AthanorError('DATA', {
      operation: `reading '${path}'`,
      expected: `text in ${encoding}`,
      received: 'bytes that are none',
      fix: "Name the file's encoding, for example encoding: 'gb18030', 'utf-16le' or 'windows-1252'",
      cause,
    })
  }
  const zero = text.indexOf('\0')
  if (zero >= 0) throw notText(path, `a zero character at ${zero}`)
  return { text: text.replace(/\r\n?/g, '\n'), encoding, bytes: bytes.length }
}

async function contentOf(path: string): Promise<Uint8Array> {
  const tooLarge = () =>
    new AthanorError('FILE', {
      operation: `reading '${path}'`,
      expected: 'a text of at most 256 MiB',
      received: 'a larger one',
      fix: 'Train on a part of it',
    })
  try {
    if ((await stat(path)).size > mostBytes) throw tooLarge()
    const bytes = await readFile(path)
    return isGzip(path) ? await promisify(gunzip)(bytes, { maxOutputLength: mostBytes }) : bytes
  } catch (cause) {
    if (cause instanceof AthanorError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw fileError(path, cause)
  }
}

async function encodingNamed(path: string, bytes: Uint8Array, given?: string): Promise<string> {
  try {
    return await encodingOf(path, given)
  } catch (error) {
    // Zeros in a file that no encoding fits: not a text in a rare encoding, but no text.
    if (error instanceof AthanorError && error.code === 'DATA') {
      const zero = bytes.indexOf(0)
      if (zero >= 0) throw notText(path, `a zero byte at ${zero}`)
    }
    throw error
  }
}

function notText(path: string, received: string): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${path}'`,
    expected: 'a text file',
    received: `binary data (${received})`,
    fix: 'Export the text from the program that made the file',
  })
}
