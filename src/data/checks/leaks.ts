// A column that alone predicts the target is often a consequence of it, not known beforehand.
// Each column is cut into bins on the training rows; the majority class or the mean of a bin predicts
// the other rows.

import { type Column, isMissing } from '../column.js'
import type { DataFinding } from '../finding.js'
import type { CheckContext } from './context.js'

/** Share of the error of guessing that must be gone. */
const nearlyPerfect = 0.98
const nearlyPerfectR2 = 0.99
const bins = 64
const leastRows = 20

export function checkLeaks(context: CheckContext): DataFinding[] {
  const { targetColumn, features, split, task } = context
  const held = Uint32Array.from([...split.validation, ...split.test])
  if (split.train.length < leastRows || held.length < leastRows) return []
  const findings: DataFinding[] = []
  for (const column of features) {
    if (column.type === 'text' || column.type === 'identifier') continue
    const binOf = binning(column, split.train)
    const score =
      task === 'classification'
        ? classScore(targetColumn, binOf, split.train, held)
        : numberScore(targetColumn, binOf, split.train, held)
    if (score >= (task === 'classification' ? nearlyPerfect : nearlyPerfectR2))
      findings.push({
        code: 'predicts-target',
        severity: 'warning',
        column: column.name,
        details: { score: Math.round(score * 1000) / 1000 },
      })
  }
  return findings
}

/** Bin 0 is missing; categories are bins of their own, numbers lie between training quantiles. */
function binning(column: Column, train: Uint32Array): (row: number) => number {
  if (column.kind === 'code') return row => column.codes[row] + 1
  const sorted = Float64Array.from(train, row => column.values[row])
    .filter(value => !Number.isNaN(value))
    .sort()
  const edges: number[] = []
  const distinct = [...new Set(sorted)]
  const cuts = distinct.length <= bins ? distinct : quantiles(sorted)
  for (let i = 1; i < cuts.length; i++)
    if (cuts[i] > cuts[i - 1]) edges.push(cuts[i - 1] / 2 + cuts[i] / 2)
  return row => (isMissing(column, row) ? 0 : 1 + upperBound(edges, column.values[row]))
}

function quantiles(sorted: Float64Array): number[] {
  return Array.from(
    { length: bins + 1 },
    (_, i) => sorted[Math.min(sorted.length - 1, Math.floor((i * sorted.length) / bins))],
  )
}

function upperBound(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** 1 − errors / errors of always guessing the commonest class. */
function classScore(
  target: Column,
  binOf: (row: number) => number,
  train: Uint32Array,
  held: Uint32Array,
): number {
  const label = (row: number) => (target.kind === 'number' ? target.values[row] : target.codes[row])
  const counts = new Map<number, Map<number, number>>()
  const overall = new Map<number, number>()
  for (const row of train) {
    const bin = binOf(row)
    const own = counts.get(bin) ?? new Map<number, number>()
    counts.set(bin, own.set(label(row), (own.get(label(row)) ?? 0) + 1))
    overall.set(label(row), (overall.get(label(row)) ?? 0) + 1)
  }
  const commonest = (of: Map<number, number>) =>
    [...of].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
  const guess = commonest(overall)
  const majority = new Map([...counts].map(([bin, own]) => [bin, commonest(own)]))
  let wrong = 0
  let wrongGuess = 0
  for (const row of held) {
    if (label(row) !== (majority.get(binOf(row)) ?? guess)) wrong++
    if (label(row) !== guess) wrongGuess++
  }
  return wrongGuess < 5 ? 0 : 1 - wrong / wrongGuess
}

/** R² on the held-out rows. */
function numberScore(
  target: Column,
  binOf: (row: number) => number,
  train: Uint32Array,
  held: Uint32Array,
): number {
  if (target.kind !== 'number') return 0
  const sums = new Map<number, { sum: number; count: number }>()
  let total = 0
  for (const row of train) {
    const own = sums.get(binOf(row)) ?? { sum: 0, count: 0 }
    own.sum += target.values[row]
    own.count++
    total += target.values[row]
    sums.set(binOf(row), own)
  }
  const mean = total / train.length
  let unexplained = 0
  let variance = 0
  for (const row of held) {
    const own = sums.get(binOf(row))
    const guess = own === undefined ? mean : own.sum / own.count
    unexplained += (target.values[row] - guess) ** 2
    variance += (target.values[row] - mean) ** 2
  }
  return variance === 0 ? 0 : 1 - unexplained / variance
}
