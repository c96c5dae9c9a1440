// The kinds of options there are, and what is wrong with a value that doesn't fit.

import { type ColumnType, columnTypes } from '../data/column.js'

export type ParameterKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'integer'; readonly low: number; readonly high: number }
  | {
      readonly kind: 'number'
      readonly low: number
      readonly high: number
      /** Ends that do not belong to the range. */
      readonly open?: 'low' | 'high' | 'both'
    }
  | { readonly kind: 'integers'; readonly low: number; readonly high: number }
  | { readonly kind: 'names' }
  | { readonly kind: 'types' }
  | { readonly kind: 'part' }

/** What a parameter wanted, for an error message. */
export interface Expected {
  readonly key:
    | 'wantText'
    | 'wantChoice'
    | 'wantInteger'
    | 'wantNumber'
    | 'wantIntegers'
    | 'wantNames'
    | 'wantTypes'
    | 'wantPart'
    | 'wantAbove'
  readonly parameters: Readonly<Record<string, string | number>>
}

/** The expectation that a value fails, or undefined when it is right. */
export function wrongValue(row: ParameterKind, value: unknown): Expected | undefined {
  switch (row.kind) {
    case 'text':
      return typeof value === 'string' && value !== ''
        ? undefined
        : { key: 'wantText', parameters: {} }
    case 'choice':
      return row.choices.includes(value as string)
        ? undefined
        : { key: 'wantChoice', parameters: { choices: row.choices.join(', ') } }
    case 'integer':
      return wholeWithin(value, row.low, row.high)
        ? undefined
        : { key: 'wantInteger', parameters: { low: row.low, high: row.high } }
    case 'number': {
      const { low, high, open } = row
      const right =
        typeof value === 'number' &&
        (open === 'low' || open === 'both' ? value > low : value >= low) &&
        (open === 'high' || open === 'both' ? value < high : value <= high)
      if (right) return undefined
      return open === 'low'
        ? { key: 'wantAbove', parameters: { low, high } }
        : { key: 'wantNumber', parameters: { low, high } }
    }
    case 'integers':
      return Array.isArray(value) &&
        value.length > 0 &&
        value.every(item => wholeWithin(item, row.low, row.high))
        ? undefined
        : { key: 'wantIntegers', parameters: { low: row.low, high: row.high } }
    case 'names':
      return Array.isArray(value) && value.every(item => typeof item === 'string' && item !== '')
        ? undefined
        : { key: 'wantNames', parameters: {} }
    case 'types':
      return typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every(type => columnTypes.includes(type as ColumnType))
        ? undefined
        : { key: 'wantTypes', parameters: { types: columnTypes.join(', ') } }
    case 'part':
      return (typeof value === 'number' && value > 0 && value < 1) ||
        (typeof value === 'string' && value !== '')
        ? undefined
        : { key: 'wantPart', parameters: {} }
  }
}

function wholeWithin(value: unknown, low: number, high: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
}
