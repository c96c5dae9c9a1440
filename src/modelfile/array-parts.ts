// Long typed arrays inside plain JSON: taken out for the container, put back when it is read.

import { AthanorError } from '../base/errors.js'
import type { Container, StoredArray, StoredTensor } from './container.js'

/** What stands in the place of an array that was taken out: its name. */
const mark = '$array'
/** Shorter ones stay where they are. */
const longest = 64
/** Deeper nesting is refused. */
const deepest = 100

export interface TakenArrays {
  readonly json: unknown
  readonly tensors: Readonly<Record<string, StoredTensor>>
  readonly arrays: Readonly<Record<string, StoredArray>>
}

/**
 * Replaces typed arrays of more than 64 values by `{ $array: name }`; the name is the array's path.
 *
 * @example
 * ```ts
 * takeArrays({ coef: new Float64Array(100) }) // { json: { coef: { $array: 'coef' } }, tensors: { coef: … }, … }
 * ```
 */
export function takeArrays(value: unknown): TakenArrays {
  const tensors: Record<string, StoredTensor> = {}
  const arrays: Record<string, StoredArray> = {}
  const take = (part: unknown, path: string): unknown => {
    if (ArrayBuffer.isView(part)) {
      const values = part as StoredTensor['values'] | StoredArray
      if (values.length <= longest) return part
      const shape = [values.length]
      if (values instanceof Float64Array) tensors[path] = { dtype: 'float64', shape, values }
      else if (values instanceof Float32Array) tensors[path] = { dtype: 'float32', shape, values }
      else if (values instanceof Int32Array) tensors[path] = { dtype: 'int32', shape, values }
      else if (values instanceof Uint8Array || values instanceof Uint32Array) arrays[path] = values
      else return part
      return { [mark]: path }
    }
    if (Array.isArray(part)) return part.map((item, i) => take(item, `${path}[${i}]`))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [
        key,
        take(item, path === '' ? key : `${path}.${key}`),
      ]),
    )
  }
  return { json: take(value, ''), tensors, arrays }
}

/**
 * The JSON with its arrays in their places again.
 * Errors: FORMAT for an array that isn't there, one that is asked for twice or never, one of more than
 * one axis, and for JSON that is nested too deeply.
 */
export function putArrays(
  json: unknown,
  { tensors, arrays = {} }: Pick<Container, 'tensors' | 'arrays'>,
  source: string,
): unknown {
  const fail = (expected: string, received: string): never => {
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected,
      received,
      fix: 'The file is damaged or was altered; use another copy',
    })
  }
  const left = new Map<string, StoredTensor['values'] | StoredArray>()
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    if (shape.length !== 1) fail(`one axis of ${name}`, `${shape.length}`)
    left.set(name, values)
  }
  for (const [name, values] of Object.entries(arrays)) left.set(name, values)
  const put = (part: unknown, depth: number): unknown => {
    if (depth > deepest) fail(`at most ${deepest} levels`, 'more')
    if (Array.isArray(part)) return part.map(item => put(item, depth + 1))
    if (typeof part !== 'object' || part === null) return part
    const entries = Object.entries(part)
    if (entries.length === 1 && entries[0][0] === mark) {
      const name = String(entries[0][1])
      const values = left.get(name) ?? fail(`an array '${name}', used once`, 'none')
      left.delete(name)
      return values
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, put(item, depth + 1)]))
  }
  const whole = put(json, 0)
  if (left.size > 0) fail('arrays that are all used', `'${[...left.keys()][0]}' beside them`)
  return whole
}
