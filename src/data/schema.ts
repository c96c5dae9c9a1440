// What is told about a column: its type and why, what is missing, how its values are distributed.

import type { BlockColumn } from './block-store.js'
import {
  type CodeType,
  type Column,
  type ColumnType,
  columnKinds,
  type NumberColumn,
  type NumberType,
} from './column.js'
import { DistinctCounter } from './distinct.js'
import { convertColumn } from './infer.js'
import { sniffType } from './sniff.js'
import { type NumberStatistics, StatisticsBuilder } from './statistics.js'
import { Table } from './table.js'

/** What is known of a column: its type, why that type was chosen, what is missing, how its values lie. */
export interface ColumnSchema {
  readonly name: string
  readonly type: ColumnType
  /** Storage type found in the source. */
  readonly source: string
  /** Why the column has its type. */
  readonly reason: string
  readonly missing: number
  readonly distinct: number
  /** `distinct` is estimated (±2 %): more than 4,096 different numbers. */
  readonly distinctEstimated: boolean
  /** Cells that held ±infinity; they count as missing. */
  readonly infinite: number
  /** Cells that could not be read as the type asked for; they count as missing. */
  readonly unreadable: number
  readonly stats?: NumberStatistics
  /** The most frequent texts, at most ten, most frequent first. */
  readonly top?: readonly { readonly value: string; readonly count: number }[]
}

/** Collects one column's schema from its blocks. */
export class SchemaBuilder {
  rows = 0
  missing = 0
  infinite = 0
  unreadable = 0
  readonly statistics = new StatisticsBuilder()
  private readonly different = new DistinctCounter()
  private ownTexts = false
  private counts = new Float64Array(16)

  addNumbers(values: Float64Array, rows = values.length): void {
    const before = this.statistics.count
    this.statistics.add(values, rows)
    this.different.add(values, rows)
    this.rows += rows
    this.missing += rows - (this.statistics.count - before)
  }

  addCodes(codes: Int32Array, categories: number, rows = codes.length): void {
    if (categories > this.counts.length) {
      const wider = new Float64Array(Math.max(categories, this.counts.length * 2))
      wider.set(this.counts)
      this.counts = wider
    }
    const { counts } = this
    let missing = 0
    for (let i = 0; i < rows; i++) {
      const code = codes[i]
      if (code < 0) missing++
      else counts[code]++
    }
    this.rows += rows
    this.missing += missing
  }

  /** A block whose texts are its own; at the first one, `before` are the texts shared until then. */
  addOwnTexts(codes: Int32Array, texts: readonly string[], before: readonly string[]): void {
    if (!this.ownTexts) this.different.addTexts(before)
    this.ownTexts = true
    this.different.addTexts(texts)
    this.rows += codes.length
    for (let i = 0; i < codes.length; i++) if (codes[i] < 0) this.missing++
  }

  finish(column: {
    name: string
    kind: 'number' | 'code'
    source: string
    isDatetime?: boolean
    type?: ColumnType
    categories?: readonly string[]
  }): ColumnSchema {
    const { categories = [] } = column
    const isNumber = column.kind === 'number'
    const stats = isNumber ? this.statistics.finish() : undefined
    const distinct = isNumber || this.ownTexts ? this.different.distinct : categories.length
    const { type, reason } = sniffType(
      {
        name: column.name,
        kind: column.kind,
        source: column.source,
        rows: this.rows,
        missing: this.missing,
        distinct,
        min: stats?.min,
        max: stats?.max,
        allWhole: this.statistics.allWhole,
        isDatetime: column.isDatetime,
        categories: isNumber ? undefined : categories.slice(0, 1000),
        ownTexts: this.ownTexts,
      },
      column.type,
    )
    return {
      name: column.name,
      type,
      source: column.source,
      reason,
      missing: this.missing,
      distinct,
      distinctEstimated: isNumber ? this.different.estimated : this.ownTexts,
      infinite: this.infinite,
      unreadable: this.unreadable,
      ...(stats === undefined ? {} : { stats }),
      ...(isNumber || this.ownTexts ? {} : { top: topOf(categories, this.counts) }),
    }
  }
}

function topOf(categories: readonly string[], counts: Float64Array) {
  const order = Array.from({ length: categories.length }, (_, i) => i)
  // A stable sort: equal counts stay in the order of first appearance.
  order.sort((a, b) => counts[b] - counts[a])
  return order.slice(0, 10).map(i => ({ value: categories[i], count: counts[i] }))
}

/**
 * Sniffs each column's type, converts where the type asks for it and returns the table with its
 * schema. `sources` names the storage types found; `types` overrides.
 */
export function describeTable(
  table: Table,
  options: {
    types?: Readonly<Record<string, ColumnType>>
    sources?: ReadonlyMap<string, string>
    unreadable?: ReadonlyMap<string, number>
  } = {},
): { table: Table; schema: readonly ColumnSchema[] } {
  const schema: ColumnSchema[] = []
  const columns = table.columns.map(column => {
    const builder = new SchemaBuilder()
    if (column.kind === 'number') builder.addNumbers(column.values)
    else builder.addCodes(column.codes, column.categories.length)
    builder.infinite = column.kind === 'number' ? (column.infinite ?? 0) : 0
    builder.unreadable = options.unreadable?.get(column.name) ?? 0
    const override = options.types !== undefined && Object.hasOwn(options.types, column.name)
    const described = builder.finish({
      name: column.name,
      kind: column.kind,
      source: options.sources?.get(column.name) ?? column.kind,
      isDatetime: column.type === 'datetime',
      type: override ? options.types![column.name] : undefined,
      categories: column.kind === 'code' ? column.categories : undefined,
    })
    schema.push(described)
    return asType(column, described.type)
  })
  return { table: new Table(columns, table.rows), schema }
}

/** Types that numbers have without being converted. */
export const numberTypes: ReadonlySet<ColumnType> = new Set<NumberType>([
  'numeric',
  'integer',
  'datetime',
  'identifier',
])

/** What a column is called and what it holds. */
export interface ColumnHead {
  readonly name: string
  readonly type: ColumnType
  readonly infinite: number
}

/** Cells as they were read, as the column that they are a part of. */
export function typedColumn(cells: BlockColumn, { name, type, infinite }: ColumnHead): Column {
  if (cells.kind === 'code') {
    const { codes, categories } = cells
    const own = columnKinds[type] === 'code' ? (type as CodeType) : 'category'
    return asType({ kind: 'code', name, type: own, codes, categories }, type)
  }
  const { values, exact } = cells
  const own = numberTypes.has(type) ? (type as NumberType) : 'numeric'
  const column: NumberColumn =
    exact === undefined
      ? { kind: 'number', name, type: own, values }
      : { kind: 'number', name, type: own, values, exact }
  const typed = asType(column, type)
  return typed.kind === 'number' && infinite > 0 ? { ...typed, infinite } : typed
}

/** As `convertColumn`; a text that cannot be read is already counted in the schema. */
export function asType(column: Column, type: ColumnType): Column {
  return convertColumn(column, type).column
}
