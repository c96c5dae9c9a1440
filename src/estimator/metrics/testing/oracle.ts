// For tests: cases of a fixture, and whether a value is the oracle's.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
export type Json = any

const special: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

/** The cases of a fixture; null stands for what is left out. */
export function casesOf(fixture: URL): Json[] {
  return JSON.parse(readFileSync(fixture, 'utf8'), (_, value) =>
    typeof value === 'string' && value in special ? special[value] : (value ?? undefined),
  ).cases
}

/** Numbers within `tolerance` (relative above 1), lists item by item. */
export function close(actual: unknown, expected: Json, what: string, tolerance = 1e-10): void {
  if (typeof expected === 'number') {
    if (!Number.isFinite(expected)) expect(actual, what).toBe(expected)
    else
      expect(Math.abs((actual as number) - expected), `${what}: ${actual}`).toBeLessThan(
        tolerance * Math.max(1, Math.abs(expected)),
      )
    return
  }
  const list = Array.from(actual as ArrayLike<unknown>)
  expect(list.length, what).toBe(expected.length)
  for (const [i, value] of list.entries()) close(value, expected[i], `${what}[${i}]`, tolerance)
}
