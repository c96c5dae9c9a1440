import { expect, test } from 'vitest'
import { namedAnew } from './layer-names.js'
import { dense } from './layers.js'
import { input } from './symbolic.js'

test('names begin anew within, and go on as before outside', () => {
  const first = dense({ units: 1 }).name
  const inside = () => [
    dense({ units: 1 }).name,
    dense({ units: 1 }).name,
    input({ shape: [1] }).name,
  ]
  expect(namedAnew(inside)).toEqual(['dense', 'dense_1', 'input_1'])
  expect(namedAnew(inside)).toEqual(['dense', 'dense_1', 'input_1'])
  const count = (name: string) => Number(name.split('_')[1] ?? 0)
  expect(count(dense({ units: 1 }).name)).toBe(count(first) + 1)
  expect(() =>
    namedAnew(() => {
      throw new TypeError('built by halves')
    }),
  ).toThrow('halves')
  expect(count(dense({ units: 1 }).name)).toBe(count(first) + 2)
})
