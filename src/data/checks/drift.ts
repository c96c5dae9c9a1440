// Columns distributed differently in the training and the test split: for numbers the two-sample
// Kolmogorov–Smirnov statistic (Smirnov 1948), for texts the total variation distance with a χ² test;
// both at a level of 0.001 divided by the number of columns, and only where the distance is above 0.1.

import { type Column, isMissing } from '../column.js'
import type { DataFinding } from '../finding.js'
import type { CheckContext } from './context.js'

const level = 0.001
const noticeable = 0.1
const leastRows = 30

export function checkDrift({ features, split }: CheckContext): DataFinding[] {
  const { train, test } = split
  if (train.length < leastRows || test.length < leastRows) return []
  const compared = features.filter(column => column.type !== 'identifier' && column.type !== 'text')
  const alpha = level / Math.max(1, compared.length)
  const findings: DataFinding[] = []
  for (const column of compared) {
    const distance =
      column.kind === 'number'
        ? numbers(column, train, test, alpha)
        : texts(column, train, test, alpha)
    if (distance > noticeable)
      findings.push({
        code: 'drift',
        severity: 'warning',
        column: column.name,
        details: { distance: Math.round(distance * 1000) / 1000 },
      })
  }
  return findings
}

/** The statistic where it is significant, otherwise 0. */
function numbers(column: Column, train: Uint32Array, test: Uint32Array, alpha: number): number {
  if (column.kind !== 'number') return 0
  const sorted = (rows: Uint32Array) =>
    Float64Array.from(rows, row => column.values[row])
      .filter(value => !Number.isNaN(value))
      .sort()
  const a = sorted(train)
  const b = sorted(test)
  const missing = missingDistance(column, train, test, alpha)
  if (a.length < leastRows || b.length < leastRows) return missing
  let largest = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i], b[j])
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length))
  }
  const critical =
    Math.sqrt(-Math.log(alpha / 2) / 2) * Math.sqrt((a.length + b.length) / (a.length * b.length))
  return Math.max(missing, largest > critical ? largest : 0)
}

function texts(column: Column, train: Uint32Array, test: Uint32Array, alpha: number): number {
  if (column.kind !== 'code') return 0
  return distanceOfCounts(
    countsOf(train, row => column.codes[row]),
    countsOf(test, row => column.codes[row]),
    alpha,
  )
}

function missingDistance(column: Column, train: Uint32Array, test: Uint32Array, alpha: number) {
  const isAbsent = (row: number) => (isMissing(column, row) ? 1 : 0)
  return distanceOfCounts(countsOf(train, isAbsent), countsOf(test, isAbsent), alpha)
}

function countsOf(rows: Uint32Array, keyOf: (row: number) => number): Map<number, number> {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const key = keyOf(row)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** Total variation distance where χ² is significant, otherwise 0; rare values (expected below 5) are pooled. */
function distanceOfCounts(a: Map<number, number>, b: Map<number, number>, alpha: number): number {
  const total = (counts: Map<number, number>) => [...counts.values()].reduce((x, y) => x + y, 0)
  const [n, m] = [total(a), total(b)]
  const pairs: [number, number][] = []
  const rare: [number, number] = [0, 0]
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const pair: [number, number] = [a.get(key) ?? 0, b.get(key) ?? 0]
    if (((pair[0] + pair[1]) * Math.min(n, m)) / (n + m) >= 5) pairs.push(pair)
    else {
      rare[0] += pair[0]
      rare[1] += pair[1]
    }
  }
  if (rare[0] + rare[1] > 0) pairs.push(rare)
  if (pairs.length < 2) return 0
  let chiSquare = 0
  let distance = 0
  for (const [x, y] of pairs) {
    const share = (x + y) / (n + m)
    chiSquare += (x - share * n) ** 2 / (share * n) + (y - share * m) ** 2 / (share * m)
    distance += Math.abs(x / n - y / m) / 2
  }
  return chiSquare > chiSquareCritical(pairs.length - 1, alpha) ? distance : 0
}

/** Wilson and Hilferty (1931): the cube root of χ²/k is nearly normal. */
function chiSquareCritical(freedom: number, alpha: number): number {
  const spread = 2 / (9 * freedom)
  return freedom * (1 - spread + upperNormal(alpha) * Math.sqrt(spread)) ** 3
}

/** The point above which a normal variable lies with probability p (Abramowitz and Stegun 26.2.23). */
function upperNormal(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p))
  return (
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) /
      (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
  )
}
