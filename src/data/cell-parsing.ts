// What a text cell means: missing, a number, a date. One rule for every source that has only texts.

/**
 * Texts that stand for a missing value in a file or an object: the list of pandas' reader, and `?`
 * of the UCI tables.
 */
export const missingTexts: readonly string[] = [
  '',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '#NA',
  '<NA>',
  'NULL',
  'null',
  'None',
  'NaN',
  'nan',
  '-NaN',
  '-nan',
  '?',
]

const missing = new Set(missingTexts)
const numberPattern = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/
const infinityPattern = /^\s*([+-]?)(?:inf|infinity|∞)\s*$/i
const datePattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/

/** Truth values are written in many ways; `TRUE` and `False` are the `true` and `false` of JavaScript. */
export function truthText(text: string): string {
  const lower = text.toLowerCase()
  return lower === 'true' || lower === 'false' ? lower : text
}

/** Whether a cell's text stands for no value: empty, NA, null and the like. */
export function isMissingText(text: string): boolean {
  return missing.has(text)
}

/** NaN when the text is no number. */
export function parseNumber(text: string): number {
  if (numberPattern.test(text)) return Number(text)
  const infinite = infinityPattern.exec(text)
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity
  return Number.NaN
}

/** Whole numbers only, without loss; undefined when the text is none or needs more than 64 bits. */
export function parseInteger64(text: string): bigint | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined
  const value = BigInt(text.trim().replace('+', ''))
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** Milliseconds since 1970 of an ISO 8601 date or date and time (UTC unless it says otherwise), or NaN. */
export function parseDate(text: string): number {
  const parts = datePattern.exec(text)
  if (parts === null) return Number.NaN
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts
  const date = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second)
  // A month or day that there is not would roll over: no date.
  const start = new Date(Date.UTC(+year, +month - 1, +day))
  if (start.getUTCMonth() !== +month - 1 || start.getUTCDate() !== +day) return Number.NaN
  if (+hour > 23 || +minute > 59 || +second > 60) return Number.NaN
  return date + (fraction === '' ? 0 : Number(`0.${fraction}`) * 1000) - zoneOffset(zone)
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return (zone[0] === '-' ? -1 : 1) * minutes * 60_000
}
