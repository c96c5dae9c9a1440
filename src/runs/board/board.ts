// A board of models, as it stands in the manifest, in the report and in --json.

import type { FamilyName } from '../model-families.js'
import type { FeatureKind } from '../model-features.js'
import type { MetricName } from '../report/report-data.js'

/** Why a candidate has no score: no time was left; it cannot weigh rows; the metric has no meaning. */
export const omissions = ['time', 'weights', 'metric'] as const
export type Omission = (typeof omissions)[number]

/** One candidate and what cross-validation said of it. */
export interface BoardEntry {
  readonly family: FamilyName | 'dummy'
  /** Its class; `net` for a neural network. */
  readonly estimator: string
  readonly features?: FeatureKind
  /** Those that were set; the others are the class's defaults. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly seed: number
  /** Folds measured, and the training rows of the largest. */
  readonly folds: number
  readonly rows: number
  /** By fold. */
  readonly scores: readonly number[]
  /** Their mean and standard deviation; null where nothing was measured. */
  readonly score: number | null
  readonly spread: number | null
  /** Mean log loss of its probabilities; classification only. */
  readonly logLoss?: number
  /** Of a fold, on average. */
  readonly fitSeconds: number | null
  /** For one row, of many predicted together. */
  readonly predictSeconds: number | null
  /** About what it takes in a file. */
  readonly bytes: number | null
  /** Why there is no score: no time was left, or what went wrong. */
  readonly omitted?: Omission
  readonly failed?: string
}

export interface CurvePoint {
  /** Training rows. */
  readonly rows: number
  readonly scores: readonly number[]
  readonly score: number
  readonly spread: number
}

export interface LearningCurve {
  readonly points: readonly CurvePoint[]
  /** Whether more rows would help, judged by the last doubling. */
  readonly verdict: 'yes' | 'perhaps' | 'no'
  /** Better by so much in the last doubling, and the standard error of that. */
  readonly gain: number
  readonly error: number
  /** What another doubling may bring. */
  readonly next: number
}

export interface Board {
  readonly metric: MetricName
  /** Folds that the training rows were cut into. */
  readonly folds: number
  /** In the order in which they were measured; the dummy first. */
  readonly entries: readonly BoardEntry[]
  /** Place of the winner among them. */
  readonly chosen: number
  readonly learningCurve: LearningCurve | null
  /** Whether there is nothing left to measure. */
  readonly complete: boolean
  /** Seconds allowed, and taken. */
  readonly budget: number
  readonly seconds: number
}

/** The entries as a board shows them: the best first, without a score after them, the dummy last. */
export function ranked(
  { entries }: Pick<Board, 'entries'>,
  higherIsBetter: boolean,
): readonly BoardEntry[] {
  const value = ({ score }: BoardEntry) =>
    score === null ? Number.NEGATIVE_INFINITY : higherIsBetter ? score : -score
  const isDummy = (entry: BoardEntry) => entry.family === 'dummy'
  const others = entries.filter(entry => !isDummy(entry))
  return [...others.sort((a, b) => compare(value(b), value(a))), ...entries.filter(isDummy)]
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/**
 * The place of the entry to choose, -1 where none was measured. It is the best by its score, the first of
 * equal ones. Of classifiers that were measured on the same folds and lie behind by no more than one
 * standard error of the differences by fold, it is the one whose probabilities have the lowest log loss:
 * a few rows decide about labels, all of them about probabilities.
 */
export function chosenEntry(entries: readonly BoardEntry[], higherIsBetter: boolean): number {
  let best = -1
  entries.forEach(({ family, score }, i) => {
    if (family === 'dummy' || score === null) return
    const before = best < 0 ? null : entries[best].score
    if (before === null || (higherIsBetter ? score > before : score < before)) best = i
  })
  if (best < 0 || entries[best].logLoss === undefined) return best
  let chosen = best
  entries.forEach((entry, i) => {
    if (entry.family === 'dummy' || !isClose(entry, entries[best])) return
    if ((entry.logLoss ?? Infinity) < (entries[chosen].logLoss ?? Infinity)) chosen = i
  })
  return chosen
}

function isClose(entry: BoardEntry, best: BoardEntry): boolean {
  const { scores } = entry
  if (entry.rows !== best.rows || scores.length !== best.scores.length) return false
  const behind = scores.map((score, fold) => best.scores[fold] - score)
  return Math.abs(meanOf(behind)) <= deviationOf(behind) / Math.sqrt(behind.length)
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Standard deviation of a sample; 0 for a single value. */
export function deviationOf(values: readonly number[]): number {
  if (values.length < 2) return 0
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
