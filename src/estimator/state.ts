// What was learned, to JSON and back: one row a field in a total, typed table, so that a field without a
// rule does not compile. Reading checks everything, since somebody else may have written the file.

import { AthanorError } from '../base/errors.js'
import type { JsonReader } from '../base/json-reader.js'
import type { Label } from '../base/label.js'

/** How one field is written and read. */
export interface Codec<T> {
  /** Plain JSON, in which typed arrays may stand: whoever writes a text packs them. */
  write(value: T): unknown
  /** Errors: FORMAT. */
  read(json: JsonReader): T
}

/** A rule for each field. */
export type StateTable<S> = { readonly [K in keyof S]-?: Codec<S[K]> }

const arrays = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const

type ArrayName = keyof typeof arrays

/** What an array has to be like. */
export interface ArrayRule {
  /** How many, exactly; by default as many as there are. */
  readonly length?: number
  /** Limits of the values. By default finite ones of the type. */
  readonly low?: number
  readonly high?: number
  /** Takes NaN and infinities. */
  readonly anyValue?: boolean
}

function arrayCodec<T extends ArrayBufferView>(name: ArrayName, rule: ArrayRule): Codec<T> {
  return {
    write: value => value,
    read: json => {
      const values = unpack(name, json)
      if (rule.length !== undefined && values.length !== rule.length)
        json.fail(`${rule.length} values`, `${values.length}`)
      if (rule.anyValue === true) return values as unknown as T
      const { low = -Number.MAX_VALUE, high = Number.MAX_VALUE } = rule
      for (let i = 0; i < values.length; i++)
        if (!(values[i] >= low && values[i] <= high))
          json.fail(`values from ${low} to ${high}`, `${values[i]} at ${i}`)
      return values as unknown as T
    },
  }
}

/** A Float64Array. */
export const float64s = (rule: ArrayRule = {}): Codec<Float64Array> =>
  arrayCodec<Float64Array>('float64', rule)
/** A Float32Array. */
export const float32s = (rule: ArrayRule = {}): Codec<Float32Array> =>
  arrayCodec<Float32Array>('float32', rule)
/** A Int32Array. */
export const int32s = (rule: ArrayRule = {}): Codec<Int32Array> =>
  arrayCodec<Int32Array>('int32', rule)
/** A Uint32Array. */
export const uint32s = (rule: ArrayRule = {}): Codec<Uint32Array> =>
  arrayCodec<Uint32Array>('uint32', rule)
/** A Uint8Array. */
export const uint8s = (rule: ArrayRule = {}): Codec<Uint8Array> =>
  arrayCodec<Uint8Array>('uint8', rule)

/** A finite number. */
export const finiteNumber = (low?: number, high?: number): Codec<number> => ({
  write: value => value,
  read: json => json.number(low, high),
})

/** A whole number. */
export const integer = (low?: number, high?: number): Codec<number> => ({
  write: value => value,
  read: json => json.integer(low, high),
})

/** true or false. */
export const flag: Codec<boolean> = { write: value => value, read: json => json.boolean() }
/** A text. */
export const text: Codec<string> = { write: value => value, read: json => json.string() }

/** One of some texts. */
export const choice = <const T extends string>(choices: readonly T[]): Codec<T> => ({
  write: value => value,
  read: json => json.oneOf(choices),
})

/** A field that may be undefined; null in JSON. */
export const optional = <T>(codec: Codec<T>): Codec<T | undefined> => ({
  write: value => (value === undefined ? null : codec.write(value)),
  read: json => (json.value === null ? undefined : codec.read(json)),
})

/** A list of which every item has one rule. */
export const list = <T>(codec: Codec<T>, low = 0, high = 10_000_000): Codec<readonly T[]> => ({
  write: values => values.map(value => codec.write(value)),
  read: json => json.items(low, high).map(item => codec.read(item)),
})

/** An object of some fields. */
export const record = <S extends object>(table: StateTable<S>): Codec<S> => ({
  write: value => writeState(table, value),
  read: json => readState(table, json),
})

/** Distinct labels, ascending. */
export const labels: Codec<readonly Label[]> = {
  write: values => values,
  read: json =>
    json.items(1).map(({ value, fail }, i, all) => {
      const before = i > 0 ? all[i - 1].value : undefined
      const isLabel =
        (typeof value === 'number' && Number.isFinite(value)) ||
        typeof value === 'string' ||
        typeof value === 'boolean'
      if (!isLabel) fail.call(all[i], 'a label')
      if (i > 0 && !(typeof before === typeof value && (before as Label) < (value as Label)))
        fail.call(all[i], 'labels of one kind, ascending')
      return value as Label
    }),
}

/** A state as JSON in which typed arrays may stand. */
export function writeState<S extends object>(table: StateTable<S>, state: S): object {
  return Object.fromEntries(
    Object.entries<Codec<unknown>>(table).map(([name, codec]) => [
      name,
      codec.write((state as Record<string, unknown>)[name]),
    ]),
  )
}

/** Errors: FORMAT for a field that is missing, unknown or wrong. */
export function readState<S extends object>(table: StateTable<S>, json: JsonReader): S {
  json.only(...Object.keys(table))
  return Object.fromEntries(
    Object.entries<Codec<unknown>>(table).map(([name, codec]) => [
      name,
      codec.read(json.get(name)),
    ]),
  ) as S
}

/** Arrays of at most this many finite values are written as plain numbers, for people to read. */
const shortArray = 64

/** Replaces typed arrays by what JSON can hold: numbers where few, base64 (little-endian) where many. */
export function packArrays(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return packArray(value)
  if (Array.isArray(value)) return value.map(packArrays)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packArrays(item)]))
}

function packArray(view: ArrayBufferView): unknown {
  const found = Object.entries(arrays).find(([, type]) => view instanceof type)
  if (found === undefined)
    throw new AthanorError('INTERNAL', { operation: 'toJSON', received: view.constructor.name })
  const values = view as Float64Array
  if (values.length <= shortArray && values.every(v => Number.isFinite(v) && !Object.is(v, -0)))
    return Array.from(values)
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return { [found[0]]: base64Of(bytes) }
}

function unpack(name: ArrayName, json: JsonReader): ArrayLike<number> & object {
  const type = arrays[name]
  const { value } = json
  if (value instanceof type) return value
  if (Array.isArray(value)) {
    const numbers = json.numbers(0, 100_000_000)
    const typed = type.from(numbers)
    for (let i = 0; i < typed.length; i++)
      if (name !== 'float32' && typed[i] !== numbers[i])
        json.fail(`${name} values`, `${numbers[i]}`)
    return typed
  }
  json.only(name)
  const bytes = bytesOfBase64(json.get(name))
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0)
    json.fail(`a whole number of ${name} values`, `${bytes.length} bytes`)
  return new type(bytes.buffer as ArrayBuffer)
}

function base64Of(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8190)
    binary += btoa(String.fromCharCode(...bytes.subarray(at, at + 8190)))
  return binary
}

function bytesOfBase64(json: JsonReader): Uint8Array {
  const encoded = json.string()
  if (encoded.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(encoded)) json.fail('base64')
  const padding = encoded.endsWith('==') ? 2 : encoded.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((encoded.length / 4) * 3 - padding)
  try {
    let at = 0
    for (let from = 0; from < encoded.length; from += 65_536) {
      const part = atob(encoded.slice(from, from + 65_536))
      for (let i = 0; i < part.length; i++) bytes[at++] = part.charCodeAt(i)
    }
  } catch {
    json.fail('base64')
  }
  return bytes
}
