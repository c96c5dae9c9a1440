// Arrays out of JSON, into a container, and back.

import { describe, expect, test } from 'vitest'
import { putArrays, takeArrays } from './array-parts.js'
import { decodeContainer, encodeContainer, type Json } from './container.js'

const count = (n: number) => Array.from({ length: n }, (_, i) => i)
const value = {
  name: 'x',
  short: Float64Array.of(1, 2),
  trees: [
    {
      feature: Int32Array.from(count(65)),
      bits: Uint32Array.from(count(70), i => 2 ** 32 - 1 - i),
    },
    { bins: Uint8Array.from(count(200)), value: Float64Array.from(count(66), i => i / 3) },
  ],
  scores: Float32Array.from(count(300), i => i / 7),
  nothing: null,
}

test('long ones travel as tensors and arrays, short ones stay', () => {
  const { json, tensors, arrays } = takeArrays(value)
  expect(Object.keys(tensors).sort()).toEqual(['scores', 'trees[0].feature', 'trees[1].value'])
  expect(Object.keys(arrays).sort()).toEqual(['trees[0].bits', 'trees[1].bins'])
  expect(json).toMatchObject({ short: Float64Array.of(1, 2), scores: { $array: 'scores' } })
  const metadata = { json: { ...(json as object), short: [1, 2] } as unknown as Json }
  const container = decodeContainer(
    encodeContainer({ kind: 'estimator', tensors, arrays, metadata }),
    'm',
  )
  expect(putArrays(container.metadata.json, container, 'm')).toEqual({ ...value, short: [1, 2] })
})

describe('what does not fit together is refused', () => {
  const { json, tensors, arrays } = takeArrays({ a: new Float64Array(100) })
  const refused =
    (part: unknown, all = tensors) =>
    () =>
      putArrays(part, { tensors: all, arrays }, 'm')
  test.each([
    ['an array that is not there', { a: { $array: 'b' } }, /an array 'b', used once/],
    ['one twice', [json, json], /an array 'a', used once/],
    ['one never used', {}, /'a' beside them/],
    ['a name that is no text', { a: { $array: { $array: 'a' } } }, /used once/],
  ])('%s', (_, part, message) => {
    expect(refused(part)).toThrow(message)
  })

  test('more than one axis, and nesting without end', () => {
    const square = { a: { ...tensors.a, shape: [10, 10] } }
    expect(refused(json, square)).toThrow(/one axis of a/)
    let deep: unknown = json
    for (let i = 0; i < 5000; i++) deep = [deep]
    expect(refused(deep)).toThrow(/levels/)
  })
})
