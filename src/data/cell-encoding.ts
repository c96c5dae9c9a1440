// The bytes of one column's block: the narrowest of a few layouts that holds every cell without loss.

import { AthanorError } from '../base/errors.js'
import type { BlockColumn } from './block-store.js'

/** Layouts by their number in a spool's index. A whole number's smallest value means missing. */
export const layouts = [
  'f64',
  'f32',
  'i32',
  'i16',
  'i8',
  'code8',
  'code16',
  'code32',
  'texts',
  'exact',
] as const
export type Layout = (typeof layouts)[number]

const wholeLayouts = [
  { layout: 'i8', limit: 127, array: Int8Array },
  { layout: 'i16', limit: 32_767, array: Int16Array },
  { layout: 'i32', limit: 2_147_483_647, array: Int32Array },
] as const

/** Cells as bytes; `texts` keeps the block's own texts beside their codes. */
export function encodeCells(
  column: BlockColumn,
  rows: number,
  ownTexts: boolean,
): { layout: Layout; bytes: Uint8Array } {
  if (column.kind === 'code') {
    const codes = column.codes.subarray(0, rows)
    return ownTexts ? encodeTexts(codes, column.categories) : encodeCodes(codes)
  }
  const values = column.values.subarray(0, rows)
  if (column.exact !== undefined) {
    // The doubles follow: they say which cells are missing.
    const bytes = new Uint8Array(rows * 16)
    bytes.set(bytesOf(column.exact.subarray(0, rows)))
    bytes.set(bytesOf(values), rows * 8)
    return { layout: 'exact', bytes }
  }
  let largest = 0
  let whole = true
  let single = true
  for (let i = 0; i < rows; i++) {
    const value = values[i]
    if (Number.isNaN(value)) continue
    if (whole && (value !== Math.floor(value) || Object.is(value, -0))) whole = false
    if (single && Math.fround(value) !== value) single = false
    if (!whole && !single) return { layout: 'f64', bytes: bytesOf(values).slice() }
    const size = value < 0 ? -value : value
    if (size > largest) largest = size
  }
  if (whole)
    for (const { layout, limit, array } of wholeLayouts) {
      if (largest > limit) continue
      const cells = new array(rows)
      const missing = -limit - 1
      for (let i = 0; i < rows; i++) cells[i] = Number.isNaN(values[i]) ? missing : values[i]
      return { layout, bytes: bytesOf(cells) }
    }
  if (single) return { layout: 'f32', bytes: bytesOf(Float32Array.from(values)) }
  return { layout: 'f64', bytes: bytesOf(values).slice() }
}

function encodeCodes(codes: Int32Array): { layout: Layout; bytes: Uint8Array } {
  let largest = -1
  for (let i = 0; i < codes.length; i++) if (codes[i] > largest) largest = codes[i]
  // One more than the code, so that 0 is a missing cell.
  if (largest < 255) return { layout: 'code8', bytes: shift(codes, new Uint8Array(codes.length)) }
  if (largest < 65_535)
    return { layout: 'code16', bytes: bytesOf(shift(codes, new Uint16Array(codes.length))) }
  return { layout: 'code32', bytes: bytesOf(codes).slice() }
}

function shift<T extends Uint8Array | Uint16Array>(codes: Int32Array, into: T): T {
  for (let i = 0; i < codes.length; i++) into[i] = codes[i] + 1
  return into
}

function encodeTexts(codes: Int32Array, categories: readonly string[]) {
  const recoded = new Map<number, number>()
  const texts: string[] = []
  const own = new Int32Array(codes.length)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]
    if (code < 0) {
      own[i] = -1
      continue
    }
    let place = recoded.get(code)
    if (place === undefined) {
      place = texts.push(categories[code]) - 1
      recoded.set(code, place)
    }
    own[i] = place
  }
  const encoder = new TextEncoder()
  const listing = encoder.encode(JSON.stringify(texts))
  const bytes = new Uint8Array(own.byteLength + listing.length)
  bytes.set(bytesOf(own))
  bytes.set(listing, own.byteLength)
  return { layout: 'texts' as const, bytes }
}

/** The cells again; `categories` are the texts that codes refer to where the block has none of its own. */
export function decodeCells(
  layout: Layout,
  bytes: Uint8Array,
  rows: number,
  categories: readonly string[],
): BlockColumn {
  return decoders[layout](bytes, rows, categories)
}

type Decoder = (bytes: Uint8Array, rows: number, categories: readonly string[]) => BlockColumn

const decoders: Record<Layout, Decoder> = {
  f64: (bytes, rows) => number(aligned(bytes, rows, Float64Array)),
  f32: (bytes, rows) => number(Float64Array.from(aligned(bytes, rows, Float32Array))),
  i32: (bytes, rows) => number(fromWhole(aligned(bytes, rows, Int32Array), 2_147_483_647)),
  i16: (bytes, rows) => number(fromWhole(aligned(bytes, rows, Int16Array), 32_767)),
  i8: (bytes, rows) => number(fromWhole(aligned(bytes, rows, Int8Array), 127)),
  code8: (bytes, rows, categories) =>
    codes(fromShifted(aligned(bytes, rows, Uint8Array)), categories),
  code16: (bytes, rows, categories) =>
    codes(fromShifted(aligned(bytes, rows, Uint16Array)), categories),
  code32: (bytes, rows, categories) => codes(aligned(bytes, rows, Int32Array), categories),
  texts: (bytes, rows) =>
    codes(
      aligned(bytes.subarray(0, rows * 4), rows, Int32Array),
      JSON.parse(new TextDecoder().decode(bytes.subarray(rows * 4))) as string[],
    ),
  exact: (bytes, rows) => ({
    kind: 'number',
    exact: aligned(bytes.subarray(0, rows * 8), rows, BigInt64Array),
    values: aligned(bytes.subarray(rows * 8), rows, Float64Array),
  }),
}

function number(values: Float64Array): BlockColumn {
  return { kind: 'number', values }
}

function codes(values: Int32Array, categories: readonly string[]): BlockColumn {
  return { kind: 'code', codes: values, categories }
}

function fromWhole(cells: Int8Array | Int16Array | Int32Array, limit: number): Float64Array {
  const values = new Float64Array(cells.length)
  const missing = -limit - 1
  for (let i = 0; i < cells.length; i++) values[i] = cells[i] === missing ? Number.NaN : cells[i]
  return values
}

function fromShifted(cells: Uint8Array | Uint16Array): Int32Array {
  const values = new Int32Array(cells.length)
  for (let i = 0; i < cells.length; i++) values[i] = cells[i] - 1
  return values
}

interface ArrayKind<T> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer, offset: number, length: number): T
}

/** A view of the bytes, or of a copy where they don't lie at a multiple of the element's size. */
function aligned<T>(bytes: Uint8Array, rows: number, kind: ArrayKind<T>): T {
  if (bytes.byteLength < rows * kind.BYTES_PER_ELEMENT)
    throw new AthanorError('FORMAT', {
      operation: 'reading a spool',
      expected: `${rows} cells`,
      received: `${bytes.byteLength} bytes`,
    })
  const fits = bytes.byteOffset % kind.BYTES_PER_ELEMENT === 0
  const own = fits ? bytes : bytes.slice()
  return new kind(own.buffer as ArrayBuffer, own.byteOffset, rows)
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
