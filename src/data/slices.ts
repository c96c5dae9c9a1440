// Parts of columns for batches: neighbouring rows as views, rows of several blocks in another order.

import { CodeBuilder, type Column } from './column.js'

/** Row ids as places in the blocks laid end to end. */
export function localRows(
  rowIds: Uint32Array,
  blocks: readonly number[],
  blockRows: number,
): Uint32Array {
  // What is to be subtracted from a row id, by its block.
  const shifts = new Float64Array(Math.max(...blocks) + 1)
  for (let i = 0; i < blocks.length; i++) shifts[blocks[i]] = (blocks[i] - i) * blockRows
  const local = new Uint32Array(rowIds.length)
  for (let i = 0; i < rowIds.length; i++) {
    const row = rowIds[i]
    local[i] = row - shifts[Math.floor(row / blockRows)]
  }
  return local
}

/** More texts than this are not made distinct for a window, nor carried along by its batches. */
const manyTexts = 10_000

export function hasFewTexts(column: Column): boolean {
  return column.kind === 'number' || column.categories.length <= manyTexts
}

/** Some neighbouring rows; arrays are views, a long list of texts is cut to those that occur. */
export function sliceColumn(column: Column, from: number, to: number): Column {
  if (column.kind === 'number') {
    const values = column.values.subarray(from, to)
    return column.exact === undefined
      ? { ...column, values }
      : { ...column, values, exact: column.exact.subarray(from, to) }
  }
  const codes = column.codes.subarray(from, to)
  if (column.categories.length <= manyTexts || column.type === 'category')
    return { ...column, codes }
  const builder = new CodeBuilder()
  const own = codes.map(code => (code < 0 ? -1 : builder.code(column.categories[code])))
  return { ...column, codes: own, categories: builder.categories }
}
