// Parameter tables: one typed row a parameter says what it takes, its default and what it is for. From
// the table come types, checks, the wording of errors, documentation, flags' texts and bad values for
// tests.

import { argumentError } from './errors.js'
import { refuseName, refuseValue } from './options.js'
import {
  either,
  listOf,
  numberIn,
  oneOf,
  orNull,
  type Range,
  someText,
  trueOrFalse,
  type ValueKind,
  valueWords,
  wholeNumber,
} from './value-kinds.js'

export type ParameterKind =
  | 'number'
  | 'integer'
  | 'choice'
  | 'boolean'
  | 'text'
  | 'list'
  | 'optional'
  | 'object'

export interface Parameter<T> extends ValueKind<T> {
  readonly kind: ParameterKind
  /** Absent where the parameter must be given. */
  readonly default?: T
  /** What it is for, one sentence. */
  readonly doc: string
  /** Where a search looks by default; absent where nobody would search. */
  readonly search?: SearchRange
  /** The value a text stands for (a flag, a form); undefined where it stands for none. */
  parse(text: string): unknown
  /** For values that are not JSON themselves. */
  readonly json?: { write(value: T): unknown; read(value: unknown): T }
}

/** The values that a search over a parameter draws from. */
export type SearchRange =
  | {
      readonly scale: 'linear' | 'log'
      readonly low: number
      readonly high: number
      /** Whole numbers only. */
      readonly whole?: boolean
    }
  | { readonly choices: readonly unknown[] }

// biome-ignore lint/suspicious/noExplicitAny: a table holds parameters of any type
export type ParameterTable = Readonly<Record<string, Parameter<any>>>

/** The values after defaults are filled in. */
export type ParametersOf<T extends ParameterTable> = {
  readonly [K in keyof T]: T[K] extends Parameter<infer V> ? V : never
}

/** The values a user gives; those without a default must be there; null says that an optional one has none. */
export type GivenParameters<T extends ParameterTable> = {
  readonly [K in keyof T]?: undefined extends ParametersOf<T>[K]
    ? ParametersOf<T>[K] | null
    : ParametersOf<T>[K]
}

interface Common<T> {
  readonly default?: T
  readonly doc: string
  readonly search?: SearchRange
}

/** A finite number, within the range given. */
export function numberParameter(options: Common<number> & Range): Parameter<number> {
  return {
    ...numberIn(options),
    kind: 'number',
    default: options.default,
    doc: options.doc,
    search: options.search,
    parse: text => (text.trim() === '' ? undefined : Number(text)),
  }
}

/** A whole number, within the range given. */
export function integerParameter(options: Common<number> & Range): Parameter<number> {
  return {
    ...wholeNumber(options),
    kind: 'integer',
    default: options.default,
    doc: options.doc,
    search: options.search,
    parse: text => (text.trim() === '' ? undefined : Number(text)),
  }
}

/** One of some texts. */
export function choiceParameter<const C extends readonly string[]>(
  choices: C,
  options: Common<C[number]>,
): Parameter<C[number]> {
  return {
    ...oneOf(choices),
    kind: 'choice',
    default: options.default,
    doc: options.doc,
    search: options.search,
    parse: text => text,
  }
}

/** true or false. */
export function booleanParameter(options: Common<boolean>): Parameter<boolean> {
  return {
    ...trueOrFalse,
    kind: 'boolean',
    default: options.default,
    doc: options.doc,
    search: options.search,
    parse: text => (text === 'true' ? true : text === 'false' ? false : undefined),
  }
}

export function textParameter(options: Common<string>): Parameter<string> {
  return {
    ...someText,
    kind: 'text',
    default: options.default,
    doc: options.doc,
    search: options.search,
    parse: text => text,
  }
}

/** A list of values of one parameter; a text is cut at commas. */
export function listParameter<T>(
  item: Parameter<T>,
  options: Common<readonly T[]> & { readonly min?: number; readonly max?: number },
): Parameter<readonly T[]> {
  return {
    ...listOf(item, options),
    kind: 'list',
    default: options.default,
    doc: options.doc,
    search: options.search,
    parse: text => (text === '' ? [] : text.split(',').map(part => item.parse(part.trim()))),
  }
}

/** One kind of value or another; a text is what the first that accepts it makes of it. */
export function eitherParameter<A, B>(
  a: Parameter<A>,
  b: Parameter<B>,
  options: Common<A | B>,
): Parameter<A | B> {
  const parse = (text: string) => {
    const first = a.parse(text)
    return a.accepts(first) ? first : b.parse(text)
  }
  return { ...either(a, b), kind: 'object', ...options, parse }
}

/**
 * A parameter that may also be without a value: null, or undefined where there is no other default.
 *
 * @example
 * ```ts
 * optionalParameter(integerParameter({ min: 2, doc: 'At most so many leaves; null: any.' }), 31)
 * ```
 */
export function optionalParameter<T>(of: Parameter<T>, standard?: T): Parameter<T | undefined> {
  const { accepts, bad } = orNull(of)
  const { json } = of
  return {
    ...of,
    kind: 'optional',
    default: standard,
    accepts: (value): value is T | undefined => value === undefined || accepts(value),
    bad,
    json: json && {
      write: value => (value === undefined ? null : json.write(value)),
      read: value => (value === null ? undefined : json.read(value)),
    },
  }
}

/** The values as they can be given to a constructor again: null where an optional one has none. */
export function givenAgain(
  table: ParameterTable,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { kind }]) => {
      const value = values[name]
      return [name, value === undefined && kind === 'optional' ? null : value]
    }),
  )
}

/**
 * Checks what was given against the table and fills in the defaults; the result is frozen.
 * Errors: ARGUMENT for an unknown name (the nearest one is suggested), a value not taken, a parameter
 * without default that wasn't given.
 *
 * @example
 * ```ts
 * const table = { alpha: numberParameter({ default: 1, min: 0, doc: 'Strength of the penalty.' }) }
 * resolveParameters('Ridge', table, { alpha: 0.5 }) // { alpha: 0.5 }
 * resolveParameters('Ridge', table, { alfa: 0.5 }) // ARGUMENT: … Did you mean 'alpha'?
 * ```
 */
export function resolveParameters<T extends ParameterTable>(
  operation: string,
  table: T,
  given: GivenParameters<T> = {},
): ParametersOf<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw argumentError(operation, 'an object of parameters', valueWords(given))
  const names = Object.keys(table)
  for (const name of Object.keys(given))
    if (!Object.hasOwn(table, name)) refuseName(operation, 'parameter', name, names)
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const parameter = table[name]
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined) {
      if (parameter.default === undefined && parameter.kind !== 'optional')
        throw argumentError(operation, `${name}, ${parameter.expected}`, 'nothing', parameter.doc)
      values[name] = parameter.default
      continue
    }
    if (!parameter.accepts(value)) refuseValue(operation, name, parameter, value)
    values[name] = value === null ? undefined : value
  }
  return Object.freeze(values) as ParametersOf<T>
}

/** One line a parameter: name, what it takes, default, purpose. */
export function describeParameters(table: ParameterTable): string[] {
  return Object.entries(table).map(([name, { expected, default: standard, doc }]) => {
    const given = standard === undefined ? '' : ` (default ${JSON.stringify(standard)})`
    return `${name}: ${expected}${given}. ${doc}`
  })
}
