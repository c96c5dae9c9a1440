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
  const labels = targetColumn.kind === 'number' ? targetColumn.values : targetColumn.codes
  const target = { train: picked(labels, split.train), held: picked(labels, held) }
  const scoreOf = task === 'classification' ? classScore : numberScore
  for (const column of features) {
    if (column.type === 'text' || column.type === 'identifier') continue
    if (task === 'regression' && targetColumn.kind !== 'number') continue
    const binOf = binning(column, split.train)
    const score = scoreOf(target, { train: split.train.map(binOf), held: held.map(binOf) })
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
  const cuts = fewDistinct(sorted) ?? quantiles(sorted)
  for (let i = 1; i < cuts.length; i++)
    if (cuts[i] > cuts[i - 1]) edges.push(cuts[i - 1] / 2 + cuts[i] / 2)
  return row => (isMissing(column, row) ? 0 : 1 + upperBound(edges, column.values[row]))
}

/** The distinct ones of sorted numbers, where there are at most as many as bins. */
function fewDistinct(sorted: Float64Array): number[] | undefined {
  const distinct: number[] = []
  for (let i = 0; i < sorted.length; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) {
      if (distinct.length === bins) return undefined
      distinct.push(sorted[i])
    }
  return distinct
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

/** Something of each row of the two parts. */
interface Parts<T> {
  readonly train: T
  readonly held: T
}

function picked(values: ArrayLike<number>, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]]
  return out
}

/** 1 − errors / errors of always guessing the commonest class. */
function classScore(label: Parts<Float64Array>, bin: Parts<Uint32Array>): number {
  const counts = new Map<number, Map<number, number>>()
  const overall = new Map<number, number>()
  for (let i = 0; i < label.train.length; i++) {
    const value = label.train[i]
    let own = counts.get(bin.train[i])
    if (own === undefined) {
      own = new Map()
      counts.set(bin.train[i], own)
    }
    own.set(value, (own.get(value) ?? 0) + 1)
    overall.set(value, (overall.get(value) ?? 0) + 1)
  }
  const commonest = (of: Map<number, number>) =>
    [...of].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
  const guess = commonest(overall)
  const majority = new Map([...counts].map(([place, own]) => [place, commonest(own)]))
  let wrong = 0
  let wrongGuess = 0
  for (let i = 0; i < label.held.length; i++) {
    const value = label.held[i]
    if (value !== (majority.get(bin.held[i]) ?? guess)) wrong++
    if (value !== guess) wrongGuess++
  }
  return wrongGuess < 5 ? 0 : 1 - wrong / wrongGuess
}

/** R² on the held-out rows. */
function numberScore(target: Parts<Float64Array>, bin: Parts<Uint32Array>): number {
  const most = bin.train.reduce((largest, place) => Math.max(largest, place), 0)
  const sums = new Float64Array(most + 1)
  const counts = new Float64Array(most + 1)
  let total = 0
  for (let i = 0; i < target.train.length; i++) {
    sums[bin.train[i]] += target.train[i]
    counts[bin.train[i]]++
    total += target.train[i]
  }
  const mean = total / target.train.length
  let unexplained = 0
  let variance = 0
  for (let i = 0; i < target.held.length; i++) {
    const place = bin.held[i]
    const guess = place <= most && counts[place] > 0 ? sums[place] / counts[place] : mean
    unexplained += (target.held[i] - guess) ** 2
    variance += (target.held[i] - mean) ** 2
  }
  return variance === 0 ? 0 : 1 - unexplained / variance
}
