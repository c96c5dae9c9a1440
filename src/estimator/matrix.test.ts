import { expect, test } from 'vitest'
import { isAllFinite } from './matrix.js'

test.each([Float32Array, Float64Array])('%o: every place of every length is looked at', type => {
  const sound = [0, -0, 1, -1, 1e-45, -1e-40, 3.4e38, -3.4e38, 5e-324]
  for (let length = 0; length < 20; length++) {
    const values = new type(Array.from({ length }, (_, i) => sound[i % sound.length]))
    expect(isAllFinite(values)).toBe(true)
    for (let at = 0; at < length; at++)
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        const own = values.slice()
        own[at] = bad
        expect(isAllFinite(own), `${bad} at ${at} of ${length}`).toBe(false)
      }
  }
  const part = new type([Number.NaN, 1, 2, Number.NaN]).subarray(1, 3)
  expect(isAllFinite(part)).toBe(true)
})
