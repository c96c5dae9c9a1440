// A typed column: either float64 numbers or codes into a list of distinct texts.

/** What a column holds; decides how it becomes numbers. */
export type ColumnType =
  | 'numeric'
  | 'integer'
  | 'category'
  | 'boolean'
  | 'datetime'
  | 'text'
  | 'identifier'

/** An identifier of whole numbers stays numbers: a text for each row would cost much and say nothing. */
export type NumberType = 'numeric' | 'integer' | 'datetime' | 'identifier'
/** Types of columns that are kept as codes. */
export type CodeType = 'category' | 'boolean' | 'text' | 'identifier'

/** Which of the two storages a type is read into; identifiers that are numbers stay numbers. */
export const columnKinds: { readonly [T in ColumnType]: 'number' | 'code' } = {
  numeric: 'number',
  integer: 'number',
  datetime: 'number',
  category: 'code',
  boolean: 'code',
  text: 'code',
  identifier: 'code',
}

/** All types of columns. */
export const columnTypes = Object.keys(columnKinds) as readonly ColumnType[]

/** A column of numbers or times. */
export interface NumberColumn {
  readonly kind: 'number'
  readonly name: string
  readonly type: NumberType
  /** NaN is a missing value; a datetime is milliseconds since 1970-01-01 UTC. */
  readonly values: Float64Array
  /** The same whole numbers without loss, present where one lies beyond ±2^53; 0 where missing. */
  readonly exact?: BigInt64Array
  /** Cells that held ±infinity and were made missing. */
  readonly infinite?: number
}

/** A column of texts or booleans: a number for each row that points into its categories. */
export interface CodeColumn {
  readonly kind: 'code'
  readonly name: string
  readonly type: CodeType
  /** Index into `categories`; -1 is a missing value. */
  readonly codes: Int32Array
  /** Distinct texts in the order of their first appearance. */
  readonly categories: readonly string[]
}

/** A column of a table: its name, its type and its values. */
export type Column = NumberColumn | CodeColumn

/** Number of rows. */
export function columnLength(column: Column): number {
  return column.kind === 'number' ? column.values.length : column.codes.length
}

/** Whether the row has no value. */
export function isMissing(column: Column, row: number): boolean {
  return column.kind === 'number' ? Number.isNaN(column.values[row]) : column.codes[row] < 0
}

/** Number of rows without a value. */
export function countMissing(column: Column): number {
  let missing = 0
  if (column.kind === 'number') {
    const { values } = column
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) missing++
  } else {
    const { codes } = column
    for (let i = 0; i < codes.length; i++) if (codes[i] < 0) missing++
  }
  return missing
}

/**
 * A cell as a plain value: number (bigint where a double would lose digits), Date, string, boolean
 * for a boolean column of true and false, null where missing.
 */
export function cellValue(
  column: Column,
  row: number,
): number | bigint | string | boolean | Date | null {
  if (isMissing(column, row)) return null
  if (column.kind === 'number') {
    if (column.type === 'datetime') return new Date(column.values[row])
    const value = column.values[row]
    if (column.exact !== undefined && !Number.isSafeInteger(value) && Math.abs(value) <= 2 ** 63)
      return column.exact[row]
    return value
  }
  const text = column.categories[column.codes[row]]
  if (column.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** A cell as text, as it would stand in a CSV file; '' where missing, a datetime in ISO 8601. */
export function cellText(column: Column, row: number): string {
  const value = cellValue(column, row)
  if (value === null) return ''
  return value instanceof Date ? isoText(value.getTime()) : String(value)
}

function isoText(milliseconds: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return String(milliseconds)
  const text = date.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text
}

/** The rows named, in that order. */
export function takeColumn(column: Column, rowIds: Uint32Array): Column {
  if (column.kind === 'code') return { ...column, codes: takeCodes(column.codes, rowIds) }
  const values = takeNumbers(column.values, rowIds)
  if (column.exact === undefined) return { ...column, values }
  const exact = new BigInt64Array(rowIds.length)
  for (let i = 0; i < rowIds.length; i++) exact[i] = column.exact[rowIds[i]]
  return { ...column, values, exact }
}

// One function for each kind of array: each then sees one kind only, and runs ten times as fast.

function takeNumbers(values: Float64Array, rowIds: Uint32Array): Float64Array {
  const taken = new Float64Array(rowIds.length)
  for (let i = 0; i < rowIds.length; i++) taken[i] = values[rowIds[i]]
  return taken
}

function takeCodes(codes: Int32Array, rowIds: Uint32Array): Int32Array {
  const taken = new Int32Array(rowIds.length)
  for (let i = 0; i < rowIds.length; i++) taken[i] = codes[rowIds[i]]
  return taken
}

/** Builds codes and their categories from texts, cell by cell. */
export class CodeBuilder {
  readonly categories: string[] = []
  private readonly codeOf = new Map<string, number>()

  code(text: string): number {
    let code = this.codeOf.get(text)
    if (code === undefined) {
      code = this.categories.length
      this.categories.push(text)
      this.codeOf.set(text, code)
    }
    return code
  }
}
