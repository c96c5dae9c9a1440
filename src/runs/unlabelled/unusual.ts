// What is unusual about a row: numbers far beyond the middle half of all rows (Tukey 1977, "Exploratory data
// analysis"), and rare categories.

import { type Column, cellText, countMissing, isMissing } from '../../data/column.js'
import type { Table } from '../../data/table.js'

export type Unusual =
  | {
      readonly column: string
      readonly kind: 'number' | 'date'
      readonly value: number
      /** Quartiles of all rows. */
      readonly low: number
      readonly high: number
    }
  | {
      readonly column: string
      readonly kind: 'category'
      readonly value: string
      /** Rows that have it. */
      readonly share: number
    }
  | {
      readonly column: string
      readonly kind: 'missing'
      /** Rows that have no value either. */
      readonly share: number
    }

/** Lengths of the middle half beyond it. */
const farOut = 1.5
const rare = 0.05

/** How unusual a cell is, 1 being worth a word; and what. */
type Finder = (column: Column, row: number) => { strength: number; what: Unusual } | undefined

export class UnusualValues {
  private readonly finders: readonly (readonly [name: string, find: Finder])[]

  /** Learns what is usual from a table. */
  constructor(table: Table, columns: readonly string[]) {
    this.finders = columns.flatMap(name => {
      const column = table.column(name)
      const finder = column.kind === 'number' ? numberFinder(column) : codeFinder(column)
      const gaps = [name, gapFinder(column, table.rows)] as const
      return finder === undefined ? [gaps] : [gaps, [name, finder] as const]
    })
  }

  /** Of a row of a table with the same columns, the most unusual first. */
  of(table: Table, row: number, most = 3): Unusual[] {
    return this.finders
      .flatMap(([name, find]) => find(table.column(name), row) ?? [])
      .filter(({ strength }) => strength >= 1)
      .sort((a, b) => b.strength - a.strength)
      .slice(0, most)
      .map(({ what }) => what)
  }
}

function gapFinder(column: Column, rows: number): Finder {
  const share = countMissing(column) / rows
  const strength = rarity(share, rows)
  return (other, row) =>
    isMissing(other, row)
      ? { strength, what: { column: column.name, kind: 'missing', share } }
      : undefined
}

/** 1 for a share that is worth a word. */
function rarity(share: number, rows: number): number {
  return Math.log(Math.max(share, 0.5 / rows)) / Math.log(rare)
}

function numberFinder(column: Extract<Column, { kind: 'number' }>): Finder | undefined {
  const { name, type } = column
  const sorted = column.values.filter(Number.isFinite).sort()
  if (sorted.length < 4) return undefined
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]
  const [low, high] = [quantile(0.25), quantile(0.75)]
  const deviation = (quantile(0.99) - quantile(0.01)) / 4
  const unit = farOut * (high - low || deviation)
  if (!(unit > 0)) return undefined
  return (other, row) => {
    if (other.kind !== 'number' || isMissing(other, row)) return undefined
    const value = other.values[row]
    const strength = Math.max(low - value, value - high) / unit
    return {
      strength,
      what: { column: name, kind: type === 'datetime' ? 'date' : 'number', value, low, high },
    }
  }
}

function codeFinder(column: Extract<Column, { kind: 'code' }>): Finder | undefined {
  const { name, codes, categories } = column
  const counts = new Map<string, number>()
  let seen = 0
  for (const code of codes) {
    if (code < 0) continue
    seen++
    counts.set(categories[code], (counts.get(categories[code]) ?? 0) + 1)
  }
  if (seen === 0) return undefined
  return (other, row) => {
    if (other.kind !== 'code' || isMissing(other, row)) return undefined
    const value = cellText(other, row)
    const share = (counts.get(value) ?? 0) / seen
    return {
      strength: rarity(share, seen),
      what: { column: name, kind: 'category', value, share },
    }
  }
}
