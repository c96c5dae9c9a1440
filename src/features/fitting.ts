// Learning from a table in one piece or in chunks: statistics of every column, then what is done with
// each.

import { AthanorError } from '../base/errors.js'
import type { Table } from '../data/table.js'
import { type Plan, planColumns, type Statistics } from './column-plan.js'
import { CodeStatistics, NumberStatistics } from './column-statistics.js'
import { fillOptions, type PreprocessorOptions } from './preprocessor-options.js'
import { RowReservoir } from './row-reservoir.js'
import { checkedRowIds, columnFor } from './table-access.js'

export class Fitting {
  private readonly options
  private statistics: Statistics[] | undefined
  private reservoir = new RowReservoir(1)
  private rows = 0

  constructor(given: PreprocessorOptions) {
    this.options = fillOptions(given)
  }

  get excluded(): readonly string[] {
    return this.options.exclude
  }

  add(table: Table, rowIds?: ArrayLike<number>): void {
    const ids =
      rowIds === undefined
        ? Uint32Array.from({ length: table.rows }, (_, i) => i)
        : checkedRowIds(table, rowIds)
    this.statistics ??= this.start(table)
    const picks = this.reservoir.take(ids.length)
    for (const column of this.statistics) column.add(columnFor(table, column).column, ids, picks)
    this.rows += ids.length
  }

  private start(table: Table): Statistics[] {
    const { exclude, textFeatures, ordinal, maxWidth } = this.options
    for (const name of [...exclude, ...Object.keys(ordinal)]) table.column(name)
    const columns = table.columns.filter(column => !exclude.includes(column.name))
    const numbers = columns.filter(column => column.kind === 'number').length
    const texts = columns.filter(column => column.type === 'text').length
    const buckets = Math.min(textFeatures, Math.max(16, Math.floor(maxWidth / Math.max(1, texts))))
    // About 128 MB of samples at most, whatever the number of columns.
    const capacity = Math.max(2000, Math.min(100_000, Math.floor(16e6 / Math.max(1, numbers))))
    this.reservoir = new RowReservoir(capacity)
    return columns.map(column =>
      column.kind === 'number'
        ? new NumberStatistics(column, capacity)
        : new CodeStatistics(column, buckets),
    )
  }

  finish(): Plan[] {
    if (this.statistics === undefined || this.rows === 0)
      throw new AthanorError('DATA', {
        operation: 'TablePreprocessor.fit',
        expected: 'at least one training row',
        received: 'none',
      })
    return planColumns(this.statistics, this.rows, this.options)
  }
}
