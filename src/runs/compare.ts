// Models compared on a table, without a run: what `athanor compare` does, from code.

import type { LearningCurve } from './board/board.js'
import { type LeaderboardRow, leaderboard } from './board/leaderboard.js'
import { checkModel, chooseModel, standardBudget } from './choose-model.js'
import { dataEvent } from './data-event.js'
import type { RunEventBody } from './events.js'
import { settingsOf } from './first-manifest.js'
import { checkRunOptions } from './kind-options.js'
import { modelAskedFor, rateOfOneNet } from './model-asked.js'
import { type DataSource, prepareData } from './prepare-data.js'
import type { MetricName } from './report/report-data.js'
import type { TrainOptions } from './train-options.js'

/** What a comparison found. */
export interface Comparison {
  readonly task: 'classification' | 'regression'
  readonly target: string
  readonly metric: MetricName
  /** The best first, the dummy last. */
  readonly leaderboard: readonly LeaderboardRow[]
  readonly learningCurve: LearningCurve | null
  readonly seconds: number
}

/** Options of `compare`: those of `train` that concern the data and the choice of a model. */
export type CompareOptions = Omit<TrainOptions, 'out' | 'name' | 'resume' | 'repeat' | 'lang'>

/**
 * Compares models by cross-validation on the training rows of a table, as `train` does with `auto`, and
 * trains none for good. `timeBudget` seconds, 60 by default.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong; INTERRUPTED
 * after `signal`.
 * @example
 * ```ts
 * const { leaderboard } = await compare('customers.csv', { target: 'churn', timeBudget: 5 })
 * console.log(leaderboard[0].model, leaderboard[0].score)
 * ```
 */
export async function compare(data: DataSource, options: CompareOptions = {}): Promise<Comparison> {
  checkRunOptions('table', options)
  const began = performance.now()
  const { signal, onProgress } = options
  const tell = (body: RunEventBody) => onProgress?.({ time: new Date().toISOString(), ...body })
  const given = settingsOf(options)
  if (given.learningRate === 'auto') throw rateOfOneNet()
  const model = modelAskedFor({ model: 'auto', ...given })
  const settings = { ...given, model, timeBudget: given.timeBudget ?? standardBudget }
  const prepared = await prepareData(data, settings, {
    signal,
    onReading: (source, rows) =>
      tell({ type: 'reading', source, ...(rows === undefined ? {} : { rows }) }),
  })
  try {
    await checkModel(prepared, settings)
    const { findingsOf } = await import('./findings.js')
    const { task, target } = prepared
    tell(dataEvent(prepared, findingsOf(prepared)))
    const { board } = await chooseModel(prepared, settings, { tell, signal })
    if (board === undefined) throw new TypeError('nothing was compared')
    return {
      task,
      target,
      metric: board.metric,
      leaderboard: leaderboard(board),
      learningCurve: board.learningCurve,
      seconds: Number(((performance.now() - began) / 1000).toFixed(3)),
    }
  } finally {
    await prepared.store.close()
  }
}
