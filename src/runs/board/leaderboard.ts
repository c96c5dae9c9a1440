// The board as users get it: --json, `train()`, and the report.

import { higherIsBetter } from '../report/report-data.js'
import { type Board, type BoardEntry, ranked } from './board.js'

export interface LeaderboardRow {
  /** The family. */
  readonly model: BoardEntry['family']
  /** Its class; `net` for a neural network. */
  readonly estimator: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly metric: string
  /** Mean over the folds; null where it was not measured. */
  readonly score: number | null
  /** Standard deviation over the folds. */
  readonly spread: number | null
  /** Mean log loss of its probabilities; classification only. */
  readonly logLoss?: number
  readonly fitSeconds: number | null
  /** For one row. */
  readonly predictionSeconds: number | null
  readonly bytes: number | null
  readonly folds: number
  readonly rows: number
  readonly chosen: boolean
  /** Why it has no score. */
  readonly note?: string
}

/** The best first; those without a score behind them; the dummy last. */
export function leaderboard(board: Pick<Board, 'metric' | 'entries' | 'chosen'>): LeaderboardRow[] {
  const { metric, entries, chosen } = board
  return ranked(board, higherIsBetter[metric]).map(entry => ({
    model: entry.family,
    estimator: entry.estimator,
    parameters: entry.parameters,
    metric,
    score: entry.score,
    spread: entry.spread,
    ...(entry.logLoss === undefined ? {} : { logLoss: entry.logLoss }),
    fitSeconds: entry.fitSeconds,
    predictionSeconds: entry.predictSeconds,
    bytes: entry.bytes,
    folds: entry.folds,
    rows: entry.rows,
    chosen: entry === entries[chosen],
    ...noteOf(entry),
  }))
}

function noteOf({ omitted, failed }: BoardEntry): { note?: string } {
  const note = failed ?? omitted
  return note === undefined ? {} : { note }
}
