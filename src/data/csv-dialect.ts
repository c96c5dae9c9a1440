// How a delimited text is laid out: its delimiter, its header, what its columns hold. Decided from
// the beginning of the file by stated rules; the reading itself is DuckDB's.

import { isMissingText, parseDate, parseNumber } from './cell-parsing.js'

export interface CsvDialect {
  readonly delimiter: string
  readonly hasHeader: boolean
  /** Names as they stand in the header, or column1, column2, … */
  readonly names: readonly string[]
}

const delimiters = [',', ';', '\t', '|'] as const

/**
 * The dialect of a text from its beginning. The delimiter is the candidate found most often in the
 * first record, outside quotes; the first record is the header unless every cell of it is a number.
 */
export function csvDialect(
  beginning: string,
  fixed: { delimiter?: string; header?: boolean } = {},
): CsvDialect {
  const text = beginning.charCodeAt(0) === 0xfeff ? beginning.slice(1) : beginning
  const delimiter = fixed.delimiter ?? mostFrequent(text)
  const first = firstRecord(text, delimiter)
  const allNumbers = first.length > 0 && first.every(cell => !Number.isNaN(parseNumber(cell)))
  const hasHeader = fixed.header ?? !allNumbers
  return {
    delimiter,
    hasHeader,
    names: hasHeader ? first : first.map((_, i) => `column${i + 1}`),
  }
}

function mostFrequent(text: string): string {
  const counts = new Map<string, number>(delimiters.map(d => [d, 0]))
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (!quoted) {
      if (character === '\n' || character === '\r') break
      const count = counts.get(character)
      if (count !== undefined) counts.set(character, count + 1)
    }
  }
  let best: string = ','
  for (const [delimiter, count] of counts) if (count > counts.get(best)!) best = delimiter
  return best
}

/** Cells of the first record (RFC 4180: quotes, doubled quotes, newlines inside quotes). */
export function firstRecord(text: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  let i = 0
  for (; i < text.length; i++) {
    const character = text[i]
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[i + 1] === '"') {
        cell += '"'
        i++
      } else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (character === '\n' || character === '\r') break
    else cell += character
  }
  if (text.length > 0) cells.push(cell)
  return cells
}

/**
 * Names made usable: trimmed, an empty one named by its place, a second one of the same name
 * numbered (`a`, `a_2`). `renamed` tells what was changed.
 */
export function uniqueNames(names: readonly string[]): {
  names: string[]
  renamed: { from: string; to: string }[]
} {
  const taken = new Set<string>()
  const all = new Set(names.map(name => name.trim()))
  const renamed: { from: string; to: string }[] = []
  const unique = names.map((given, i) => {
    const trimmed = given.trim()
    let name = trimmed === '' ? `column${i + 1}` : trimmed
    if (taken.has(name) || (trimmed === '' && all.has(name))) {
      let number = 2
      while (taken.has(`${name}_${number}`) || all.has(`${name}_${number}`)) number++
      name = `${name}_${number}`
    }
    taken.add(name)
    if (name !== trimmed) renamed.push({ from: trimmed, to: name })
    return name
  })
  return { names: unique, renamed }
}

/** What a column of a delimited text is read as. */
export type TextColumnKind =
  | { readonly as: 'number'; readonly decimalComma?: boolean; readonly large?: boolean }
  | { readonly as: 'date'; readonly zoned: boolean; readonly format?: string }
  | { readonly as: 'text' }

const decimalComma = /^\s*[+-]?\d{1,15}(,\d+)?\s*$/
const leadingZero = /^\s*[+-]?0\d/
const zone = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/

/** Other ways to write a date, with DuckDB's name for each; those of day and month must be told apart. */
const dateFormats: readonly { pattern: RegExp; format: string; first?: 'day' | 'month' }[] = [
  { pattern: /^\d{4}\/\d{1,2}\/\d{1,2}$/, format: '%Y/%m/%d' },
  { pattern: /^\d{4}年\d{1,2}月\d{1,2}日$/, format: '%Y年%m月%d日' },
  { pattern: /^\d{1,2}\.\d{1,2}\.\d{4}$/, format: '%d.%m.%Y' },
  { pattern: /^(\d{1,2})\/(\d{1,2})\/\d{4}$/, format: '%d/%m/%Y', first: 'day' },
  { pattern: /^(\d{1,2})\/(\d{1,2})\/\d{4}$/, format: '%m/%d/%Y', first: 'month' },
]

/**
 * What the cells of a sample are. Numbers with a leading zero (007, postcodes) stay texts; day/month
 * dates whose order cannot be told apart stay texts.
 */
export function textColumnKind(
  cells: ArrayLike<string | null>,
  allowDecimalComma: boolean,
): TextColumnKind {
  const present: string[] = []
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]
    if (cell !== null && !isMissingText(cell)) present.push(cell)
  }
  if (present.length === 0) return { as: 'number' }
  if (present.some(cell => leadingZero.test(cell) && !/[.,eE:\-/年]/.test(cell.trim().slice(1))))
    return { as: 'text' }
  if (present.every(cell => !Number.isNaN(parseNumber(cell)))) {
    const large = present.some(
      cell =>
        Math.abs(Number(cell)) > Number.MAX_SAFE_INTEGER && /^\s*[+-]?\d{16,19}\s*$/.test(cell),
    )
    return large ? { as: 'number', large } : { as: 'number' }
  }
  if (allowDecimalComma && present.every(cell => decimalComma.test(cell) || isPlain(cell)))
    return { as: 'number', decimalComma: true }
  if (present.every(cell => !Number.isNaN(parseDate(cell))))
    return { as: 'date', zoned: present.some(cell => cell.length > 10 && zone.test(cell)) }
  for (const { pattern, format, first } of dateFormats) {
    if (!present.every(cell => pattern.test(cell))) continue
    if (first === undefined) return { as: 'date', zoned: false, format }
    const parts = present.map(cell => pattern.exec(cell)!)
    const dayPart = first === 'day' ? 1 : 2
    const isDay = parts.some(part => Number(part[dayPart]) > 12)
    if (isDay && parts.every(part => Number(part[3 - dayPart]) <= 12))
      return { as: 'date', zoned: false, format }
  }
  return { as: 'text' }
}

function isPlain(cell: string): boolean {
  return !Number.isNaN(parseNumber(cell)) && !cell.includes('.')
}
