// Columns as they were given: numbers stay numbers and texts texts, nothing is sniffed. What encoders and
// imputers work on.

import type { Column } from '../data/column.js'
import { Table } from '../data/table.js'

/**
 * Columns of numbers (NaN: missing) or of codes into distinct texts (-1: missing), as many rows in
 * each.
 *
 * @example
 * ```ts
 * const raw = new RawColumns(Table.fromObjects([{ name: 'a', size: 1 }, { name: 'b', size: null }]), true)
 * raw.select([1]).names // ['size']
 * ```
 */
export class RawColumns {
  constructor(
    readonly table: Table,
    /** Whether the columns came with names; else they are called x0, x1, … */
    readonly named: boolean,
  ) {}

  get columns(): readonly Column[] {
    return this.table.columns
  }

  get rows(): number {
    return this.table.rows
  }

  get width(): number {
    return this.table.columns.length
  }

  get names(): readonly string[] | undefined {
    return this.named ? this.table.names : undefined
  }

  /** The columns at these places, in that order. */
  select(places: readonly number[]): RawColumns {
    const columns = places.map((place, i) => {
      const column = this.table.columns[place]
      return this.named ? column : { ...column, name: `x${i}` }
    })
    return new RawColumns(new Table(columns, this.rows), this.named)
  }

  /** The rows named, in that order. */
  take(rowIds: ArrayLike<number>): RawColumns {
    return new RawColumns(this.table.take(rowIds), this.named)
  }
}
