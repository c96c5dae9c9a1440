// Counting the values of a column among many rows. Codes are counted in an array; numbers in a map,
// with a small table before it that knows the values met last.

import type { Column } from '../column.js'

const recentBits = 10
const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

function recentSlot(value: number): number {
  double[0] = value
  return Math.imul(words[0] ^ Math.imul(words[1], 0x85ebca6b), 0x9e3779b1) >>> (32 - recentBits)
}

/** A value, the first row that has it, and how many do. */
export interface ValueCount {
  readonly row: number
  readonly count: number
}

/** The values that are not missing, in the order of their first appearance; all rows by default. */
export function countValues(column: Column, rowIds?: Uint32Array): ValueCount[] {
  return column.kind === 'code'
    ? countCodes(column.codes, column.categories.length, rowIds)
    : countNumbers(column.values, rowIds)
}

function countCodes(codes: Int32Array, categories: number, rowIds?: Uint32Array): ValueCount[] {
  const places = new Int32Array(categories).fill(-1)
  const found: { row: number; count: number }[] = []
  const counts = new Float64Array(categories)
  const rows = rowIds?.length ?? codes.length
  for (let i = 0; i < rows; i++) {
    const row = rowIds === undefined ? i : rowIds[i]
    const code = codes[row]
    if (code < 0) continue
    if (places[code] < 0) places[code] = found.push({ row, count: 0 }) - 1
    counts[code]++
  }
  for (const entry of found) entry.count = counts[codes[entry.row]]
  return found
}

function countNumbers(values: Float64Array, rowIds?: Uint32Array): ValueCount[] {
  const placeOf = new Map<number, number>()
  const firsts: number[] = []
  const counts: number[] = []
  const recent = new Float64Array(1 << recentBits).fill(Number.NaN)
  const recentPlace = new Uint32Array(1 << recentBits)
  const rows = rowIds?.length ?? values.length
  for (let i = 0; i < rows; i++) {
    const row = rowIds === undefined ? i : rowIds[i]
    const value = values[row]
    if (Number.isNaN(value)) continue
    const slot = recentSlot(value)
    if (recent[slot] !== value) {
      let place = placeOf.get(value)
      if (place === undefined) {
        place = firsts.push(row) - 1
        counts.push(0)
        placeOf.set(value, place)
      }
      recent[slot] = value
      recentPlace[slot] = place
    }
    counts[recentPlace[slot]]++
  }
  return firsts.map((row, k) => ({ row, count: counts[k] }))
}

/** Distinct values among some rows (all by default), counted up to a limit; missing ones don't count. */
export function distinctAmong(
  column: Column,
  rowIds: Uint32Array | undefined,
  limit: number,
): number {
  return column.kind === 'code'
    ? distinctCodes(column.codes, column.categories.length, rowIds, limit)
    : distinctNumbers(column.values, rowIds, limit)
}

function distinctCodes(
  codes: Int32Array,
  categories: number,
  rowIds: Uint32Array | undefined,
  limit: number,
): number {
  const seen = new Uint8Array(categories)
  const most = Math.min(limit, categories)
  const rows = rowIds?.length ?? codes.length
  let distinct = 0
  for (let i = 0; i < rows && distinct < most; i++) {
    const code = codes[rowIds === undefined ? i : rowIds[i]]
    if (code >= 0 && seen[code] === 0) {
      seen[code] = 1
      distinct++
    }
  }
  return distinct
}

function distinctNumbers(
  values: Float64Array,
  rowIds: Uint32Array | undefined,
  limit: number,
): number {
  const seen = new Set<number>()
  const recent = new Float64Array(1 << recentBits).fill(Number.NaN)
  const rows = rowIds?.length ?? values.length
  for (let i = 0; i < rows && seen.size < limit; i++) {
    const value = values[rowIds === undefined ? i : rowIds[i]]
    if (Number.isNaN(value)) continue
    const slot = recentSlot(value)
    if (recent[slot] === value) continue
    seen.add(value)
    recent[slot] = value
  }
  return seen.size
}
