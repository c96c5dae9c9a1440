// split.json: which row of the data is in which part, so that another tool can use the same split. Lists
// may be longer than a text in JavaScript can be, so they are written and read piece by piece.

import { AthanorError } from '../base/errors.js'
import { JsonReader } from '../base/json-reader.js'
import type { Split } from '../data/split.js'
import { readBytes, writeDurably } from './storage.js'

const format = 1
const parts = ['train', 'validation', 'test'] as const

/** What was divided, and how. */
export interface DividedRows {
  readonly split: Split
  readonly splitMethod: string
  readonly fingerprint: string
  readonly store: { readonly rows: number }
}

/** Row ids are 0-based rows of the data in the order read; files given as parts follow the main data. */
export async function writeSplit(path: string, data: DividedRows, seed: number): Promise<void> {
  const { split, splitMethod: method, fingerprint } = data
  const head = JSON.stringify({ format, fingerprint, method, seed, rows: data.store.rows }, null, 2)
  await writeDurably(path, textOf(head, split))
}

function* textOf(head: string, split: Split): Generator<string> {
  yield head.slice(0, -2)
  for (const part of parts) {
    yield `,\n  ${JSON.stringify(part)}: [`
    const rows = split[part]
    for (let start = 0; start < rows.length; start += 65_536)
      yield (start === 0 ? '' : ',') + rows.subarray(start, start + 65_536).join(',')
    yield ']'
  }
  yield '\n}\n'
}

export async function readSplit(path: string): Promise<Split> {
  const { lists, rest } = takeLists(await readBytes(path))
  let json: unknown
  try {
    json = JSON.parse(rest)
  } catch (cause) {
    throw new AthanorError('FORMAT', {
      operation: `reading '${path}'`,
      received: (cause as Error).message,
      cause,
    })
  }
  const reader = new JsonReader(path, json)
  reader.get('format').integer(1, format)
  const list = (part: string) => {
    const value = reader.get(part)
    const [place] = Array.isArray(value.value) ? value.value : []
    const rows = typeof place === 'number' ? lists[place] : undefined
    return rows ?? value.fail('an array of row numbers')
  }
  return { train: list('train'), validation: list('validation'), test: list('test') }
}

const comma = 44
const open = 91
const close = 93
const zero = 48
const isSpace = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13)

/** Arrays of whole numbers below 2³² as arrays; the text with `[number of the array]` in their places. */
function takeLists(bytes: Uint8Array): { lists: Uint32Array[]; rest: string } {
  const lists: Uint32Array[] = []
  const decoder = new TextDecoder()
  let rest = ''
  let copied = 0
  for (let at = bytes.indexOf(open); at >= 0; at = bytes.indexOf(open, at + 1)) {
    const end = bytes.indexOf(close, at)
    const list = end < 0 ? undefined : wholeNumbers(bytes, at + 1, end)
    if (list === undefined) continue
    rest += `${decoder.decode(bytes.subarray(copied, at))}[${lists.length}]`
    lists.push(list)
    copied = end + 1
    at = end
  }
  return { lists, rest: rest + decoder.decode(bytes.subarray(copied)) }
}

/** `1, 2,3` as numbers; undefined where anything else stands between. */
function wholeNumbers(bytes: Uint8Array, from: number, to: number): Uint32Array | undefined {
  let count = 1
  for (let i = from; i < to; i++) if (bytes[i] === comma) count++
  const values = new Uint32Array(count)
  let filled = 0
  let value = -1
  let ended = false
  for (let i = from; i <= to; i++) {
    const byte = i === to ? comma : bytes[i]
    if (byte === comma) {
      if (value < 0) return count === 1 && i === to ? new Uint32Array(0) : undefined
      values[filled++] = value
      value = -1
      ended = false
    } else if (isSpace(byte)) ended = value >= 0
    else if (byte >= zero && byte <= zero + 9 && !ended) {
      value = Math.max(0, value) * 10 + (byte - zero)
      if (value >= 2 ** 32) return undefined
    } else return undefined
  }
  return values
}
