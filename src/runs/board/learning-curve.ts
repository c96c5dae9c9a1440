// Would more data help? The winner learned from growing parts of each fold's training rows, judged on the
// same test rows (Perlich, Provost, Simonoff 2003).

import { AthanorError } from '../../base/errors.js'
import type { Candidate } from '../candidates.js'
import type { RunEventBody } from '../events.js'
import { families } from '../model-families.js'
import { higherIsBetter, type MetricName } from '../report/report-data.js'
import type { TrainSettings } from '../train-options.js'
import {
  type BoardEntry,
  type CurvePoint,
  deviationOf,
  type LearningCurve,
  meanOf,
} from './board.js'
import type { FoldData } from './fold-data.js'
import { measureFold } from './measure.js'

const parts = [1 / 8, 1 / 4, 1 / 2] as const
/** Fewer training rows say nothing. */
const leastRows = 20

export interface CurveOptions {
  readonly folds: FoldData
  readonly settings: TrainSettings
  readonly metric: MetricName
  /** What the board says of the winner: the curve's last point. */
  readonly whole: BoardEntry
  readonly foldSeconds: number
  /** That it may take. */
  readonly seconds: number
  /** The curve of an earlier run, whose sizes and folds are taken; null where it had none. */
  readonly repeat?: LearningCurve | null
  readonly signal?: AbortSignal
  readonly tell: (event: RunEventBody) => void
}

/** null where there are too few rows or there is no time for it. */
export async function learningCurve(
  winner: Candidate,
  options: CurveOptions,
): Promise<LearningCurve | null> {
  const { folds, settings, metric, whole, signal, tell, repeat } = options
  if (repeat === null) return null
  const plan =
    repeat === undefined
      ? planCurve(winner, options)
      : repeat.points.slice(0, -1).map(({ rows, scores }) => ({ rows, folds: scores.length }))
  const points: CurvePoint[] = []
  for (const [i, { rows, folds: count }] of plan.entries()) {
    const scores: number[] = []
    for (let fold = 0; fold < count; fold++) {
      tell({ type: 'curve', rows, done: i * count + fold, of: plan.length * count })
      const score = await scoreOf(() =>
        measureFold(winner, fold, rows, { folds, settings, metric, signal }),
      )
      if (score === undefined) break
      scores.push(score)
    }
    // Every class has to be there in every part: a size that isn't measured everywhere is left out.
    if (scores.length === count) points.push(pointOf(rows, scores))
  }
  const last = points.at(-1)
  if (last === undefined) return null
  points.push(pointOf(whole.rows, whole.scores.slice(0, last.scores.length)))
  return judge(points, higherIsBetter[metric])
}

async function scoreOf(
  work: () => Promise<{ readonly score: number | undefined }>,
): Promise<number | undefined> {
  try {
    return (await work()).score
  } catch (error) {
    if (error instanceof AthanorError && (error.code === 'DATA' || error.code === 'ARGUMENT'))
      return undefined
    throw error
  }
}

/** As many folds as fit into the time, the same for every size. */
function planCurve(winner: Candidate, { whole, foldSeconds, seconds }: CurveOptions) {
  const { growth } = families[winner.family]
  const sizes = parts.map(part => Math.round(part * whole.rows)).filter(rows => rows >= leastRows)
  const each = sizes.reduce((sum, rows) => sum + foldSeconds * (rows / whole.rows) ** growth, 0)
  const count = Math.min(whole.scores.length, Math.floor(seconds / Math.max(1e-9, each)))
  return count < 1 ? [] : sizes.map(rows => ({ rows, folds: count }))
}

function pointOf(rows: number, scores: readonly number[]): CurvePoint {
  return { rows, scores, score: meanOf(scores), spread: deviationOf(scores) }
}

/**
 * The last doubling's gain, fold by fold, against its standard error; the next one is taken to shrink as
 * the last did.
 */
export function judge(points: readonly CurvePoint[], isHigherBetter: boolean): LearningCurve {
  const sign = isHigherBetter ? 1 : -1
  const gains = (later: CurvePoint, earlier: CurvePoint) =>
    later.scores.map((score, i) => sign * (score - earlier.scores[i]))
  const [before, last] = [points[points.length - 2], points[points.length - 1]]
  const differences = gains(last, before)
  const gain = meanOf(differences)
  const error =
    differences.length < 2
      ? Math.max(before.spread, last.spread)
      : deviationOf(differences) / Math.sqrt(differences.length)
  const earlier = points.length < 3 ? undefined : meanOf(gains(before, points[points.length - 3]))
  const shrinking =
    earlier === undefined || !(earlier > 0) ? 0.5 : Math.min(1, Math.max(0, gain / earlier))
  const verdict = !(gain > 0) || gain <= error ? 'no' : gain > 2 * error ? 'yes' : 'perhaps'
  return { points, verdict, gain, error, next: Math.max(0, gain) * shrinking }
}
