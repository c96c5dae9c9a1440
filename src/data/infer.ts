// From JavaScript values to a typed column, and from one column type to another.

import { AthanorError } from '../base/errors.js'
import { isMissingText, parseDate, parseInteger64, parseNumber, truthText } from './cell-parsing.js'
import {
  CodeBuilder,
  type CodeColumn,
  type CodeType,
  type Column,
  type ColumnType,
  cellText,
  columnKinds,
  columnLength,
  type NumberColumn,
  type NumberType,
} from './column.js'

/** A column and what its values were before it had a type. */
export interface InferredColumn {
  readonly column: Column
  /** What the values were: `number`, `string`, `boolean`, `Date`, `bigint`, `mixed`, `empty`. */
  readonly source: string
  /** Cells whose text could not be read as the type asked for; they are missing in the column. */
  readonly unreadable: number
}

/**
 * The column that holds these values. Without a type asked for: all numbers (or texts of numbers) →
 * numeric or integer, all ISO dates → datetime, booleans → boolean, anything else → category.
 */
export function columnFromValues(
  name: string,
  values: ArrayLike<unknown>,
  type?: ColumnType,
): InferredColumn {
  const source = sourceOf(values)
  const wanted = type ?? natural(values, source)
  const numbers = wanted === 'identifier' && (source === 'number' || source === 'bigint')
  if (columnKinds[wanted] === 'code' && !numbers)
    return { column: codesFrom(name, values, wanted as CodeType), source, unreadable: 0 }
  const { column, unreadable } = numbersFrom(name, values, wanted as NumberType)
  return { column, source, unreadable }
}

/**
 * The same rows as another type. Texts that are no numbers (no dates) become missing and are counted;
 * numbers become their shortest decimal text.
 */
export function convertColumn(
  column: Column,
  type: ColumnType,
): { column: Column; unreadable: number } {
  if (column.type === type) return { column, unreadable: 0 }
  if (column.kind === columnKinds[type] || (column.kind === 'number' && type === 'identifier')) {
    if (column.kind === 'number' && type === 'integer') {
      const { values } = column
      for (let i = 0; i < values.length; i++)
        if (values[i] % 1 !== 0 && !Number.isNaN(values[i]))
          throw new AthanorError('DATA', {
            operation: `column '${column.name}'`,
            expected: 'whole numbers (type integer)',
            received: `${values[i]} in row ${i + 1}`,
            fix: "Use the type 'numeric'",
          })
    }
    if (column.kind === 'code' && type === 'boolean')
      return { column: asTruth(column), unreadable: 0 }
    return { column: { ...column, type } as Column, unreadable: 0 }
  }
  const rows = columnLength(column)
  if (column.kind === 'code') {
    // One parse per distinct text, not per row.
    const parsed = numbersFrom(column.name, column.categories, type as NumberType)
    const { values: of, exact: exactOf } = parsed.column
    const values = new Float64Array(rows)
    const exact = exactOf === undefined ? undefined : new BigInt64Array(rows)
    let unreadable = 0
    for (let i = 0; i < rows; i++) {
      const code = column.codes[i]
      values[i] = code < 0 ? Number.NaN : of[code]
      if (exact !== undefined && code >= 0) exact[i] = exactOf![code]
      if (code >= 0 && Number.isNaN(of[code]) && !isMissingText(column.categories[code]))
        unreadable++
    }
    return {
      column: { kind: 'number', name: column.name, type: type as NumberType, values, exact },
      unreadable,
    }
  }
  const builder = new CodeBuilder()
  // Truth values found as numbers have the same codes in every part of a table.
  if (type === 'boolean') for (const text of ['0', '1']) builder.code(text)
  const quick = type === 'boolean' ? truthCodes(column.values) : undefined
  const codes = quick ?? new Int32Array(rows)
  if (quick === undefined)
    for (let i = 0; i < rows; i++) {
      const text = cellText(column, i)
      codes[i] = text === '' ? -1 : builder.code(text)
    }
  return {
    column: {
      kind: 'code',
      name: column.name,
      type: type as CodeType,
      codes,
      categories: builder.categories,
    },
    unreadable: 0,
  }
}

/** Codes of 0 and 1, without a text for each cell; undefined where there are other numbers. */
function truthCodes(values: Float64Array): Int32Array | undefined {
  const codes = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === 0) codes[i] = 0
    else if (value === 1) codes[i] = 1
    else if (Number.isNaN(value)) codes[i] = -1
    else return undefined
  }
  return codes
}

function asTruth(column: CodeColumn): CodeColumn {
  if (column.categories.every(text => truthText(text) === text))
    return { ...column, type: 'boolean' }
  const builder = new CodeBuilder()
  const recoded = column.categories.map(text => builder.code(truthText(text)))
  const codes = column.codes.map(code => (code < 0 ? -1 : recoded[code]))
  return { ...column, type: 'boolean', codes, categories: builder.categories }
}

function isAbsent(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    (typeof value === 'number' && Number.isNaN(value)) ||
    (typeof value === 'string' && isMissingText(value))
  )
}

function sourceOf(values: ArrayLike<unknown>): string {
  let found: string | undefined
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (isAbsent(value)) continue
    const kind = value instanceof Date ? 'Date' : typeof value
    if (found === undefined) found = kind
    else if (found !== kind) return 'mixed'
  }
  return found ?? 'empty'
}

function natural(values: ArrayLike<unknown>, source: string): ColumnType {
  if (source === 'boolean') return 'boolean'
  if (source === 'Date') return 'datetime'
  if (source === 'empty') return 'category'
  let whole = true
  let numbers = true
  let dates = true
  for (let i = 0; i < values.length && (numbers || dates); i++) {
    const value = values[i]
    if (isAbsent(value)) continue
    if (typeof value === 'bigint') dates = false
    else if (value instanceof Date) numbers = false
    else if (typeof value === 'number' || typeof value === 'string') {
      const number = typeof value === 'number' ? value : parseNumber(value)
      if (Number.isNaN(number)) numbers = false
      else if (number % 1 !== 0) whole = false
      if (dates && (typeof value === 'number' || Number.isNaN(parseDate(value)))) dates = false
    } else return 'category'
  }
  if (numbers) return whole ? 'integer' : 'numeric'
  return dates ? 'datetime' : 'category'
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

function textAs(type: ColumnType, text: string): string {
  return type === 'boolean' ? truthText(text) : text
}

function codesFrom(name: string, values: ArrayLike<unknown>, type: CodeType): CodeColumn {
  const builder = new CodeBuilder()
  const codes = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++)
    codes[i] = isAbsent(values[i]) ? -1 : builder.code(textAs(type, textOf(values[i])))
  return { kind: 'code', name, type, codes, categories: builder.categories }
}

function numbersFrom(
  name: string,
  cells: ArrayLike<unknown>,
  type: NumberType,
): { column: NumberColumn; unreadable: number } {
  const values = new Float64Array(cells.length)
  let exact: BigInt64Array | undefined
  let tooLarge = false // beyond 64 bits: only the double is kept
  let unreadable = 0
  let infinite = 0
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]
    let value = isAbsent(cell) ? Number.NaN : numberOf(cell, type)
    if (Number.isNaN(value) && !isAbsent(cell)) unreadable++
    if (value === Infinity || value === -Infinity) {
      infinite++
      value = Number.NaN
    }
    values[i] = value
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER && type === 'integer') {
      const whole = typeof cell === 'bigint' ? cell : parseInteger64(String(cell))
      if (whole !== undefined && BigInt.asIntN(64, whole) === whole) {
        exact ??= wholeNumbers(values, i)
        exact[i] = whole
        continue
      }
      tooLarge = true
    }
    if (exact !== undefined && !Number.isNaN(value) && !tooLarge)
      exact[i] = BigInt(Math.trunc(value))
  }
  const column: NumberColumn = { kind: 'number', name, type, values }
  return {
    column: {
      ...column,
      ...(exact === undefined || tooLarge ? {} : { exact }),
      ...(infinite === 0 ? {} : { infinite }),
    },
    unreadable,
  }
}

function numberOf(cell: unknown, type: NumberType): number {
  if (cell instanceof Date) return cell.getTime()
  if (typeof cell === 'boolean') return cell ? 1 : 0
  if (typeof cell === 'number' || typeof cell === 'bigint') return Number(cell)
  const text = String(cell)
  if (type === 'datetime') {
    const date = parseDate(text)
    return Number.isNaN(date) ? parseNumber(text) : date
  }
  const number = parseNumber(text)
  return type === 'integer' && number % 1 !== 0 ? Number.NaN : number
}

function wholeNumbers(values: Float64Array, rows: number): BigInt64Array {
  const exact = new BigInt64Array(values.length)
  for (let i = 0; i < rows; i++) if (!Number.isNaN(values[i])) exact[i] = BigInt(values[i])
  return exact
}
