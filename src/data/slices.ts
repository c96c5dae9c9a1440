// Parts of tables for batches: neighbouring rows as views, rows of several blocks in another order.

import { CodeBuilder, type Column } from './column.js'
import { Table } from './table.js'

/** Row ids as places in the blocks laid end to end. */
export function localRows(
  rowIds: Uint32Array,
  blocks: readonly number[],
  blockRows: number,
): Uint32Array {
  const startOf = new Map(blocks.map((block, i) => [block, i * blockRows]))
  const local = new Uint32Array(rowIds.length)
  for (let i = 0; i < rowIds.length; i++) {
    const block = Math.floor(rowIds[i] / blockRows)
    local[i] = startOf.get(block)! + (rowIds[i] - block * blockRows)
  }
  return local
}

/** Some neighbouring rows; arrays are views, a long list of texts is cut to those that occur. */
export function sliceTable(table: Table, from: number, to: number): Table {
  return new Table(
    table.columns.map(column => sliceColumn(column, from, to)),
    to - from,
  )
}

/** More texts than this are not made distinct for a window, nor carried along by its batches. */
const manyTexts = 10_000

export function hasFewTexts(column: Column): boolean {
  return column.kind === 'number' || column.categories.length <= manyTexts
}

function sliceColumn(column: Column, from: number, to: number): Column {
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
