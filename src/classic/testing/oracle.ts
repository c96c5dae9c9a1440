// For tests beside the code: cases written by scripts/oracles, and comparisons with them.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Matrix } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
export type Json = any

/** The cases of a fixture; 'Infinity' and '-Infinity' become numbers, null stays null. */
export function casesOf(url: URL): Json[] {
  return JSON.parse(readFileSync(url, 'utf8'), (_, value) =>
    value === 'Infinity' || value === '-Infinity' ? Number(value) : value,
  ).cases
}

/** Rows of numbers, null where missing (NaN). */
export function rowsOf(matrix: Matrix | SparseMatrix): (number | null)[][] {
  const { x, rows, width } = matrix instanceof SparseMatrix ? matrix.toDense() : matrix
  return Array.from({ length: rows }, (_, row) =>
    Array.from(x.subarray(row * width, (row + 1) * width), v => (Number.isNaN(v) ? null : v)),
  )
}

/** Numbers, lists of them and lists of lists: equal but for rounding; null stands for NaN. */
export function near(actual: Json, expected: Json, tolerance = 1e-9, at = ''): void {
  if (expected === null || expected === undefined) {
    expect(
      actual === null || actual === undefined || Number.isNaN(actual),
      `${at} is ${actual}`,
    ).toBe(true)
    return
  }
  if (typeof expected === 'object') {
    expect(actual.length, `length of ${at}`).toBe(expected.length)
    for (let i = 0; i < expected.length; i++) near(actual[i], expected[i], tolerance, `${at}[${i}]`)
    return
  }
  if (typeof expected !== 'number' || !Number.isFinite(expected)) {
    expect(actual, at).toBe(expected)
    return
  }
  const error = Math.abs(actual - expected)
  expect(
    error <= tolerance * Math.max(1, Math.abs(expected)),
    `${at}: ${actual} for ${expected}`,
  ).toBe(true)
}
