// What is learned about a column from the training rows, chunk by chunk: counts exactly, numbers'
// distribution from all rows while they are few and from a uniform sample of them after that.

import type { CodeColumn, CodeType, Column, ColumnType, NumberColumn } from '../data/column.js'
import type { Picks } from './row-reservoir.js'
import { TextFrequencies } from './text.js'

export interface ColumnStatistics {
  readonly name: string
  readonly type: ColumnType
  missing: number
  add(column: Column, rowIds: Uint32Array, picks: Picks): void
}

export class NumberStatistics implements ColumnStatistics {
  readonly kind = 'number'
  readonly name: string
  readonly type: NumberColumn['type']
  /** Cells without a value, and cells of ±infinity, which count as such. */
  missing = 0
  private readonly sample: Float64Array
  private filled = 0

  constructor(column: NumberColumn, capacity: number) {
    this.name = column.name
    this.type = column.type
    this.sample = new Float64Array(capacity).fill(Number.NaN)
  }

  add(column: Column, rowIds: Uint32Array, { rows, slots }: Picks): void {
    const { values } = column as NumberColumn
    for (let i = 0; i < rowIds.length; i++) {
      const value = values[rowIds[i]]
      if (!Number.isFinite(value)) this.missing++
    }
    for (let k = 0; k < rows.length; k++) {
      this.sample[slots[k]] = values[rowIds[rows[k]]]
      if (slots[k] >= this.filled) this.filled = slots[k] + 1
    }
  }

  /** The finite numbers of the sample, ascending. */
  sorted(): Float64Array {
    return this.sample.subarray(0, this.filled).filter(Number.isFinite).sort()
  }
}

export class CodeStatistics implements ColumnStatistics {
  readonly kind = 'code'
  readonly name: string
  readonly type: CodeType
  missing = 0
  readonly counts = new Map<string, number>()
  /** Rows of categories that came after the map was full: rare ones, whatever they are. */
  untracked = 0
  readonly texts: TextFrequencies | undefined

  constructor(column: CodeColumn, textBuckets: number) {
    this.name = column.name
    this.type = column.type
    this.texts = column.type === 'text' ? new TextFrequencies(textBuckets) : undefined
  }

  add(column: Column, rowIds: Uint32Array): void {
    const { codes, categories } = column as CodeColumn
    const counted = new Uint32Array(categories.length)
    for (let i = 0; i < rowIds.length; i++) {
      const code = codes[rowIds[i]]
      if (code < 0) this.missing++
      else counted[code]++
    }
    // Nothing is learned from an identifier.
    if (this.type === 'identifier') return
    for (let code = 0; code < counted.length; code++) {
      if (counted[code] === 0) continue
      const category = categories[code]
      if (this.texts !== undefined) {
        this.texts.add(category, counted[code])
        if (this.counts.size > 1) continue
      }
      const before = this.counts.get(category)
      if (before !== undefined) this.counts.set(category, before + counted[code])
      else if (this.counts.size < trackedCategories) this.counts.set(category, counted[code])
      else this.untracked += counted[code]
    }
  }
}

const trackedCategories = 500_000
