// The cells of one column's block in the narrowest of a few layouts that holds every one without
// loss: as bytes for a spool, and as arrays over these bytes for whoever picks single rows.

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

/** One column's cells of one block as bytes. */
export interface EncodedCells {
  readonly layout: Layout
  readonly bytes: Uint8Array
}

/** Cells as bytes of their own; `texts` keeps the block's own texts beside their codes. */
export function encodeCells(column: BlockColumn, rows: number, ownTexts: boolean): EncodedCells {
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

function encodeCodes(codes: Int32Array): EncodedCells {
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

/** Cells as they are stored: narrow, missing ones under a number of their own. */
export type PackedCells =
  | { readonly kind: 'number'; readonly cells: NumberCells; readonly exact?: BigInt64Array }
  | {
      readonly kind: 'code'
      readonly cells: CodeCells
      readonly categories: readonly string[]
      /** The categories are this block's own. */
      readonly ownTexts: boolean
    }

/** Signed whole numbers have one value for missing cells: the smallest. */
export type NumberCells = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array
/** Unsigned ones are shifted by one: 0 is a missing cell. */
export type CodeCells = Uint8Array | Uint16Array | Int32Array

/** Views of the bytes; `categories` are the texts that codes refer to where the block has none of its own. */
export function openCells(
  layout: Layout,
  bytes: Uint8Array,
  rows: number,
  categories: readonly string[],
): PackedCells {
  return openers[layout](bytes, rows, categories)
}

type Opener = (bytes: Uint8Array, rows: number, categories: readonly string[]) => PackedCells

const openers: Record<Layout, Opener> = {
  f64: (bytes, rows) => ({ kind: 'number', cells: aligned(bytes, rows, Float64Array) }),
  f32: (bytes, rows) => ({ kind: 'number', cells: aligned(bytes, rows, Float32Array) }),
  i32: (bytes, rows) => ({ kind: 'number', cells: aligned(bytes, rows, Int32Array) }),
  i16: (bytes, rows) => ({ kind: 'number', cells: aligned(bytes, rows, Int16Array) }),
  i8: (bytes, rows) => ({ kind: 'number', cells: aligned(bytes, rows, Int8Array) }),
  code8: (bytes, rows, categories) => codes(aligned(bytes, rows, Uint8Array), categories),
  code16: (bytes, rows, categories) => codes(aligned(bytes, rows, Uint16Array), categories),
  code32: (bytes, rows, categories) => codes(aligned(bytes, rows, Int32Array), categories),
  texts: (bytes, rows) => {
    let texts: readonly string[] | undefined
    return {
      kind: 'code',
      cells: aligned(bytes.subarray(0, rows * 4), rows, Int32Array),
      // Many strings: made when somebody asks.
      get categories() {
        texts ??= JSON.parse(new TextDecoder().decode(bytes.subarray(rows * 4))) as string[]
        return texts
      },
      ownTexts: true,
    }
  },
  exact: (bytes, rows) => ({
    kind: 'number',
    exact: aligned(bytes.subarray(0, rows * 8), rows, BigInt64Array),
    cells: aligned(bytes.subarray(rows * 8), rows, Float64Array),
  }),
}

function codes(cells: CodeCells, categories: readonly string[]): PackedCells {
  return { kind: 'code', cells, categories, ownTexts: false }
}

/** Stored cells as columns have them; numbers of full width are not copied. */
export function unpackCells(packed: PackedCells): BlockColumn {
  if (packed.kind === 'code') {
    const { cells, categories, ownTexts } = packed
    return {
      kind: 'code',
      codes: unpackCodes(cells),
      categories,
      ...(ownTexts ? { ownTexts } : {}),
    }
  }
  const values = unpackNumbers(packed.cells)
  return packed.exact === undefined
    ? { kind: 'number', values }
    : { kind: 'number', values, exact: packed.exact }
}

/** Float64 with NaN where missing; the same array where it is that already. */
export function unpackNumbers(cells: NumberCells): Float64Array {
  if (cells instanceof Float64Array) return cells
  const values = new Float64Array(cells.length)
  values.set(cells)
  if (cells instanceof Float32Array) return values
  const missing = -(2 ** (8 * cells.BYTES_PER_ELEMENT - 1))
  for (let i = 0; i < values.length; i++) if (values[i] === missing) values[i] = Number.NaN
  return values
}

/** Codes with -1 where missing; the same array where it is that already. */
export function unpackCodes(cells: CodeCells): Int32Array {
  if (cells instanceof Int32Array) return cells
  const values = new Int32Array(cells.length)
  values.set(cells)
  for (let i = 0; i < values.length; i++) values[i]--
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
