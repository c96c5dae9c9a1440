// Reads JSON that somebody else may have written: every field is asked for by name and kind, fields
// not asked for are refused, and an error names the path. Never touches a prototype.

import { AthanorError } from './errors.js'

/**
 * A place in a JSON value. Throws FORMAT, naming the path, where the value isn't what is asked for.
 *
 * @example
 * ```ts
 * const reader = new JsonReader('model.json', JSON.parse(text))
 * reader.only('name', 'size')
 * const size = reader.get('size').integer(1, 1000)
 * ```
 */
export class JsonReader {
  constructor(
    /** What is being read, for the messages. */
    readonly operation: string,
    readonly value: unknown,
    readonly path = '',
  ) {}

  fail(expected: string, received = describe(this.value)): never {
    throw new AthanorError('FORMAT', {
      operation: `${this.operation}${this.path === '' ? '' : ` at ${this.path}`}`,
      expected,
      received,
      fix: 'The file was altered, or written by another version',
    })
  }

  /** The value as an object; refuses any key that isn't named. */
  only(...keys: string[]): this {
    const object = this.record()
    for (const key of Object.keys(object))
      if (!keys.includes(key)) this.fail(`the fields ${keys.join(', ')}`, `the field '${key}'`)
    return this
  }

  has(key: string): boolean {
    return Object.hasOwn(this.record(), key)
  }

  /** The field of that name; refuses when there is none. */
  get(key: string): JsonReader {
    const object = this.record()
    if (!Object.hasOwn(object, key)) this.fail(`a field '${key}'`, 'none')
    return new JsonReader(
      this.operation,
      object[key],
      this.path === '' ? key : `${this.path}.${key}`,
    )
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a text')
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false')
  }

  /** A finite number. */
  number(low = -Number.MAX_VALUE, high = Number.MAX_VALUE): number {
    const { value } = this
    if (typeof value !== 'number' || !(value >= low && value <= high))
      return this.fail(low === -Number.MAX_VALUE ? 'a number' : `a number from ${low} to ${high}`)
    return value
  }

  integer(low = Number.MIN_SAFE_INTEGER, high = Number.MAX_SAFE_INTEGER): number {
    const { value } = this
    if (!Number.isSafeInteger(value) || (value as number) < low || (value as number) > high)
      return this.fail(`a whole number from ${low} to ${high}`)
    return value as number
  }

  oneOf<const T extends string>(choices: readonly T[]): T {
    const { value } = this
    return choices.includes(value as T) ? (value as T) : this.fail(`one of ${choices.join(', ')}`)
  }

  /** The items of an array with between `low` and `high` of them. */
  items(low = 0, high = 1_000_000): JsonReader[] {
    const { value } = this
    if (!Array.isArray(value)) return this.fail('an array')
    if (value.length < low || value.length > high)
      return this.fail(`an array of ${low} to ${high} items`, `${value.length} items`)
    return value.map((item, i) => new JsonReader(this.operation, item, `${this.path}[${i}]`))
  }

  /** An array of texts, each once. */
  distinctStrings(low = 0, high = 1_000_000): string[] {
    const texts = this.items(low, high).map(item => item.string())
    if (new Set(texts).size !== texts.length) this.fail('each text once', 'one twice')
    return texts
  }

  /** An array of finite numbers. */
  numbers(low = 0, high = 1_000_000): Float64Array {
    return Float64Array.from(this.items(low, high), item => item.number())
  }

  /** An array of finite numbers, each greater than the one before. */
  ascendingNumbers(low = 0, high = 1_000_000): Float64Array {
    const numbers = this.numbers(low, high)
    for (let i = 1; i < numbers.length; i++)
      if (!(numbers[i] > numbers[i - 1])) this.fail('ascending numbers', `a step back at ${i}`)
    return numbers
  }

  private record(): Record<string, unknown> {
    const { value } = this
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.fail('an object')
    return value as Record<string, unknown>
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object') return 'an object'
  const text = String(value)
  return `${typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`
}
