// The kinds of a run's options, and what is wrong with a value that doesn't fit: checked by the base's
// kinds of values, said by the message table.

import {
  either,
  listOf,
  numberIn,
  oneOf,
  someText,
  tested,
  type ValueKind,
  wholeNumber,
} from '../base/value-kinds.js'
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
  /** A learning rate, or `auto`. */
  | { readonly kind: 'rate'; readonly low: number; readonly high: number }
  | { readonly kind: 'integers'; readonly low: number; readonly high: number }
  | { readonly kind: 'names' }
  | { readonly kind: 'types' }
  | { readonly kind: 'part' }
  | { readonly kind: 'settings' }

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
    | 'wantSettings'
    | 'wantAbove'
    | 'wantRate'
  readonly parameters: Readonly<Record<string, string | number>>
}

const columnTypeByName: ValueKind<Readonly<Record<string, ColumnType>>> = tested(
  'an object of column types',
  value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(type => columnTypes.includes(type as ColumnType)),
)

const settings: ValueKind<Readonly<Record<string, unknown>>> = tested(
  'an object of parameters',
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
)

const part = either(numberIn({ above: 0, below: 1 }), someText)
const names = listOf(someText)

type RowOf<K extends ParameterKind['kind']> = Extract<ParameterKind, { kind: K }>

/** What each kind takes, and the row of the message table that says so. */
const checks: {
  readonly [K in ParameterKind['kind']]: (
    row: RowOf<K>,
  ) => readonly [ValueKind<unknown>, Expected['key'], Expected['parameters']?]
} = {
  text: () => [someText, 'wantText'],
  choice: ({ choices }) => [oneOf(choices), 'wantChoice', { choices: choices.join(', ') }],
  integer: ({ low, high }) => [wholeNumber({ min: low, max: high }), 'wantInteger', { low, high }],
  number: ({ low, high, open }) => {
    const openBelow = open === 'low' || open === 'both'
    const openAbove = open === 'high' || open === 'both'
    const kind = numberIn({
      ...(openBelow ? { above: low } : { min: low }),
      ...(openAbove ? { below: high } : { max: high }),
    })
    return [kind, open === 'low' ? 'wantAbove' : 'wantNumber', { low, high }]
  },
  rate: ({ low, high }) => [
    either(numberIn({ above: low, max: high }), oneOf(['auto'])),
    'wantRate',
    { low },
  ],
  integers: ({ low, high }) => [
    listOf(wholeNumber({ min: low, max: high }), { min: 1 }),
    'wantIntegers',
    { low, high },
  ],
  names: () => [names, 'wantNames'],
  types: () => [columnTypeByName, 'wantTypes', { types: columnTypes.join(', ') }],
  part: () => [part, 'wantPart'],
  settings: () => [settings, 'wantSettings'],
}

/** The expectation that a value fails, or undefined when it is right. */
export function wrongValue<K extends ParameterKind['kind']>(
  row: RowOf<K>,
  value: unknown,
): Expected | undefined {
  const [kind, key, parameters = {}] = checks[row.kind as K](row)
  return kind.accepts(value) ? undefined : { key, parameters }
}
