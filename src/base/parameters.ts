// Parameter tables: one typed row a parameter says what it takes, its default and what it is for. From
// the table come types, checks, the wording of errors, documentation, flags' texts and bad values for
// tests.

import { argumentError } from './errors.js'
import { suggestName } from './nearest-name.js'

export type ParameterKind =
  | 'number'
  | 'integer'
  | 'choice'
  | 'boolean'
  | 'text'
  | 'list'
  | 'optional'

export interface Parameter<T> {
  readonly kind: ParameterKind
  /** Absent where the parameter must be given. */
  readonly default?: T
  /** What it is for, one sentence. */
  readonly doc: string
  /** What it takes, in words that follow "expected". */
  readonly expected: string
  readonly choices?: readonly string[]
  accepts(value: unknown): value is T
  /** The value a text stands for (a flag, a form); undefined where it stands for none. */
  parse(text: string): unknown
  /** Values that it must refuse, for tests. */
  readonly bad: readonly unknown[]
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds parameters of any type
export type ParameterTable = Readonly<Record<string, Parameter<any>>>

/** The values after defaults are filled in. */
export type ParametersOf<T extends ParameterTable> = {
  readonly [K in keyof T]: T[K] extends Parameter<infer V> ? V : never
}

/** The values a user gives; those without a default must be there. */
export type GivenParameters<T extends ParameterTable> = Partial<ParametersOf<T>>

interface Common<T> {
  readonly default?: T
  readonly doc: string
}

interface Range {
  readonly min?: number
  readonly max?: number
  /** Greater than this, not equal. */
  readonly above?: number
  /** Less than this, not equal. */
  readonly below?: number
}

function inRange(value: number, { min, max, above, below }: Range): boolean {
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  )
}

function rangeWords(noun: string, { min, max, above, below }: Range): string {
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`
  const low = above !== undefined ? `above ${above}` : min !== undefined ? `of ${min} or more` : ''
  const high = below !== undefined ? `below ${below}` : max !== undefined ? `of at most ${max}` : ''
  return [noun, low, low !== '' && high !== '' ? 'and' : '', high].filter(Boolean).join(' ')
}

function outside({ min, max, above, below }: Range): number[] {
  const bad: number[] = []
  if (above !== undefined) bad.push(above, above - 1)
  if (min !== undefined) bad.push(min - 1)
  if (below !== undefined) bad.push(below, below + 1)
  if (max !== undefined) bad.push(max + 1)
  return bad
}

/** A finite number, within the range given. */
export function numberParameter(options: Common<number> & Range): Parameter<number> {
  return {
    kind: 'number',
    default: options.default,
    doc: options.doc,
    expected: rangeWords('a number', options),
    accepts: (value): value is number =>
      typeof value === 'number' && Number.isFinite(value) && inRange(value, options),
    parse: text => (text.trim() === '' ? undefined : Number(text)),
    bad: [Number.NaN, Infinity, '1', null, [], ...outside(options)],
  }
}

/** A whole number, within the range given. */
export function integerParameter(options: Common<number> & Range): Parameter<number> {
  return {
    kind: 'integer',
    default: options.default,
    doc: options.doc,
    expected: rangeWords('a whole number', options),
    accepts: (value): value is number =>
      Number.isSafeInteger(value) && inRange(value as number, options),
    parse: text => (text.trim() === '' ? undefined : Number(text)),
    bad: [1.5, Number.NaN, Infinity, '1', null, [], ...outside(options)],
  }
}

/** One of some texts. */
export function choiceParameter<const C extends readonly string[]>(
  choices: C,
  options: Common<C[number]>,
): Parameter<C[number]> {
  return {
    kind: 'choice',
    default: options.default,
    doc: options.doc,
    expected: `one of ${choices.map(choice => `'${choice}'`).join(', ')}`,
    choices,
    accepts: (value): value is C[number] => choices.includes(value as string),
    parse: text => text,
    bad: [`${choices[0]}?`, '', 0, null, 'toString'],
  }
}

export function booleanParameter(options: Common<boolean>): Parameter<boolean> {
  return {
    kind: 'boolean',
    default: options.default,
    doc: options.doc,
    expected: 'true or false',
    accepts: (value): value is boolean => typeof value === 'boolean',
    parse: text => (text === 'true' ? true : text === 'false' ? false : undefined),
    bad: ['true', 0, 1, null],
  }
}

export function textParameter(options: Common<string>): Parameter<string> {
  return {
    kind: 'text',
    default: options.default,
    doc: options.doc,
    expected: 'a text',
    accepts: (value): value is string => typeof value === 'string' && value !== '',
    parse: text => text,
    bad: ['', 0, null, []],
  }
}

/** A list of values of one parameter; a text is cut at commas. */
export function listParameter<T>(
  item: Parameter<T>,
  options: Common<readonly T[]> & { readonly min?: number; readonly max?: number },
): Parameter<readonly T[]> {
  const { min = 0, max = Infinity } = options
  const atLeast = min > 0 ? `, at least ${min}` : ''
  return {
    kind: 'list',
    default: options.default,
    doc: options.doc,
    expected: `a list of which each item is ${item.expected}${atLeast}`,
    choices: item.choices,
    accepts: (value): value is readonly T[] =>
      Array.isArray(value) &&
      value.length >= min &&
      value.length <= max &&
      value.every(one => item.accepts(one)),
    parse: text => (text === '' ? [] : text.split(',').map(part => item.parse(part.trim()))),
    bad: [0, 'a', null, ...item.bad.map(one => [one]), ...(min > 0 ? [[]] : [])],
  }
}

/** A parameter that may also be left without a value: undefined or null. */
export function optionalParameter<T>(
  of: Parameter<T>,
): Parameter<T | undefined> & { default: undefined } {
  return {
    ...of,
    kind: 'optional',
    default: undefined,
    accepts: (value): value is T | undefined =>
      value === undefined || value === null || of.accepts(value),
    bad: of.bad.filter(value => value !== null),
  }
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
    if (!Object.hasOwn(table, name))
      throw argumentError(operation, 'a known parameter', `'${name}'`, suggestName(name, names))
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
    if (!parameter.accepts(value))
      throw argumentError(
        operation,
        `${name} to be ${parameter.expected}`,
        valueWords(value),
        nearestChoice(parameter, value),
      )
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

function nearestChoice(parameter: Parameter<unknown>, value: unknown): string | undefined {
  if (parameter.choices === undefined || typeof value !== 'string') return undefined
  return suggestName(value, parameter.choices)
}

function valueWords(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object'
  if (!Array.isArray(value)) return String(value)
  const shown = value.slice(0, 8).map(valueWords).join(', ')
  return `[${shown}${value.length > 8 ? ', …' : ''}]`
}
