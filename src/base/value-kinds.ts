// Kinds of values: which values one takes, and the words in which an error says so. Parameters of
// estimators, options of functions and the settings of a run are all checked by these.

export interface ValueKind<T> {
  /** What it takes, in words that follow "expected". */
  readonly expected: string
  /** The texts among the values, so that an error can suggest the nearest. */
  readonly choices?: readonly string[]
  accepts(value: unknown): value is T
  /** Values that it must refuse, for tests. */
  readonly bad: readonly unknown[]
}

export interface Range {
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

/** A finite number within the range. */
export function numberIn(range: Range = {}): ValueKind<number> {
  return {
    expected: rangeWords('a number', range),
    accepts: (value): value is number =>
      typeof value === 'number' && Number.isFinite(value) && inRange(value, range),
    bad: [Number.NaN, Infinity, '1', null, [], ...outside(range)],
  }
}

/** A whole number within the range. */
export function wholeNumber(range: Range = {}): ValueKind<number> {
  return {
    expected: rangeWords('a whole number', range),
    accepts: (value): value is number =>
      Number.isSafeInteger(value) && inRange(value as number, range),
    bad: [1.5, Number.NaN, Infinity, '1', null, [], ...outside(range)],
  }
}

/** One of some texts. */
export function oneOf<const C extends readonly string[]>(choices: C): ValueKind<C[number]> {
  return {
    expected: `one of ${choices.map(choice => `'${choice}'`).join(', ')}`,
    choices,
    accepts: (value): value is C[number] => choices.includes(value as string),
    bad: [`${choices[0]}?`, '', 0, null, 'toString'],
  }
}

export const trueOrFalse: ValueKind<boolean> = {
  expected: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
  bad: ['true', 0, 1, null],
}

export const someText: ValueKind<string> = {
  expected: 'a text',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
  bad: ['', 0, null, []],
}

/** A list of which each item is of one kind. */
export function listOf<T>(
  item: ValueKind<T>,
  { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number } = {},
): ValueKind<readonly T[]> {
  const atLeast = min > 0 ? `, at least ${min}` : ''
  return {
    expected: `a list of which each item is ${item.expected}${atLeast}`,
    choices: item.choices,
    accepts: (value): value is readonly T[] =>
      Array.isArray(value) &&
      value.length >= min &&
      value.length <= max &&
      value.every(one => item.accepts(one)),
    bad: [0, 'a', null, ...item.bad.map(one => [one]), ...(min > 0 ? [[]] : [])],
  }
}

/** Any function; what it returns is checked where it is called. */
export function aFunction<F>(expected = 'a function'): ValueKind<F> {
  return {
    expected,
    accepts: (value): value is F => typeof value === 'function',
    bad: ['f', 0, null, {}],
  }
}

/** A value that a test of one's own accepts. */
export function tested<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  bad: readonly unknown[] = [],
): ValueKind<T> {
  return { expected, accepts: (value): value is T => accepts(value), bad }
}

/** A value of one kind or of the other. */
export function either<A, B>(a: ValueKind<A>, b: ValueKind<B>): ValueKind<A | B> {
  const choices = [...(a.choices ?? []), ...(b.choices ?? [])]
  return {
    expected: `${a.expected}, or ${b.expected}`,
    ...(choices.length > 0 && { choices }),
    accepts: (value): value is A | B => a.accepts(value) || b.accepts(value),
    bad: [...a.bad, ...b.bad].filter(value => !a.accepts(value) && !b.accepts(value)),
  }
}

export const abortSignal: ValueKind<AbortSignal> = tested(
  'an AbortSignal',
  value => typeof value === 'object' && value !== null && 'aborted' in value,
  [1, {}, null],
)

/** A value of the kind, or null for none. */
export function orNull<T>(kind: ValueKind<T>): ValueKind<T | null> {
  return {
    ...kind,
    accepts: (value): value is T | null => value === null || kind.accepts(value),
    bad: kind.bad.filter(value => value !== null),
  }
}

/** A value as an error message shows it. */
export function valueWords(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object'
  if (!Array.isArray(value)) return String(value)
  const shown = value.slice(0, 8).map(valueWords).join(', ')
  return `[${shown}${value.length > 8 ? ', …' : ''}]`
}
