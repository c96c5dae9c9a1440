// A table's columns for models that need no scaling and take gaps as they are: trees, forests,
// boosting. A view of a fitted TablePreprocessor: nothing is learned twice.

import type { Table } from '../data/table.js'
import type { RawColumn } from './raw-columns.js'
import { checkedRowIds, columnFor } from './table-access.js'

/** Row-major float64, NaN where a value is missing. */
export interface RawMatrix {
  readonly x: Float64Array
  readonly rows: number
  readonly width: number
}

/** Rows that are written at a time. */
const blockRows = 256

/**
 * Made by `TablePreprocessor.raw`.
 *
 * @example
 * ```ts
 * const raw = preprocessor.raw()
 * const { x, rows, width } = raw.transform(table, [0, 1, 2])
 * ```
 */
export class RawFeatures {
  readonly outputNames: readonly string[]
  readonly width: number

  constructor(
    /** The columns used, in their order. */
    readonly columns: readonly RawColumn[],
  ) {
    this.outputNames = columns.flatMap(column => column.outputs)
    this.width = this.outputNames.length
  }

  /** Places of the features that are codes without an order. */
  get categorical(): readonly number[] {
    const places: number[] = []
    let at = 0
    for (const { codes, outputs } of this.columns) {
      if (codes !== undefined) places.push(at)
      at += outputs.length
    }
    return places
  }

  /** Features of the rows named (all by default), in their order. Errors: DATA, INDEX. */
  transform(table: Table, rowIds?: ArrayLike<number>): RawMatrix {
    const ids = rowIds === undefined ? undefined : checkedRowIds(table, rowIds)
    const rows = ids === undefined ? table.rows : ids.length
    const { width, columns } = this
    const x = new Float64Array(rows * width)
    const writers = columns.map(column => column.bind(columnFor(table, column).column))
    for (let from = 0; from < rows; from += blockRows) {
      const to = Math.min(rows, from + blockRows)
      let at = from * width
      for (let c = 0; c < columns.length; c++) {
        writers[c](ids, from, to, x, at, width)
        at += columns[c].outputs.length
      }
    }
    return { x, rows, width }
  }
}
