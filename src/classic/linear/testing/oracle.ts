// Data and cases of scripts/oracles/linear.py.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Matrix } from '../../../estimator/matrix.js'

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON
export type Json = any

export function fixture(name: string): Json {
  const url = new URL(`../fixtures/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8'))
}

export interface OracleData {
  readonly x: Matrix
  readonly labels: number[]
  readonly numbers: number[]
  readonly weights: number[]
}

const data = fixture('data')

export function oracleData(name: string): OracleData {
  const { x, width, labels, numbers, weights } = data[name]
  return {
    x: { x: Float64Array.from(x), rows: x.length / width, width },
    labels,
    numbers,
    weights,
  }
}

/** Within `tolerance`, relative to the largest of all values. */
export function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(expected.length)
  const size = Math.max(1e-300, ...Array.from(expected, Math.abs))
  for (let i = 0; i < expected.length; i++)
    expect(
      Math.abs(actual[i] - expected[i]) / size,
      `[${i}]: ${actual[i]} and ${expected[i]}`,
    ).toBeLessThanOrEqual(tolerance)
}

/** Each coefficient in its feature's own scale, since that is what scores are made of. */
export function nearInScale(
  { x, rows, width }: Matrix,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
) {
  const scales = Array.from({ length: width }, (_, j) => {
    let most = 0
    for (let i = 0; i < rows; i++) most = Math.max(most, Math.abs(x[i * width + j]))
    return most
  })
  const scaled = (values: ArrayLike<number>) => Array.from(values, (v, i) => v * scales[i % width])
  near(scaled(actual), scaled(expected), tolerance)
}
