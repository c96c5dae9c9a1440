// Which candidate a run trains: the one asked for, or the best of a comparison.

import type { Board } from './board/board.js'
import { candidateOf } from './board/entries.js'
import {
  type Candidate,
  parametersAskedFor,
  standardCandidate,
  takesWeights,
} from './candidates.js'
import type { Answers } from './evaluation.js'
import type { RunEventBody } from './events.js'
import { primaryMetric, tableModel } from './model-asked.js'
import { type FamilyName, familiesFor } from './model-families.js'
import type { PreparedData } from './prepare-data.js'
import { runError } from './run-error.js'
import type { TrainSettings } from './train-options.js'

/** Seconds that `auto` may take. */
export const standardBudget = 60

export interface ChooseOptions {
  readonly tell: (event: RunEventBody) => void
  readonly signal?: AbortSignal
  /** What the run measured before it was interrupted. */
  readonly done?: Board
  /** The board of the run that is repeated. */
  readonly repeat?: Board
  readonly onBoard?: (board: Board) => Promise<void>
}

export interface Choice {
  readonly candidate: Candidate
  /** Absent where nothing was compared. */
  readonly board?: Board
  readonly outOfFold?: Answers
}

/** What is compared: all families, or the parameters of one; undefined where nothing is. */
function familiesCompared(
  { task }: PreparedData,
  settings: TrainSettings,
): readonly FamilyName[] | undefined {
  const model = tableModel(settings)
  if (model === 'auto') return familiesFor(task)
  return settings.timeBudget === undefined ? undefined : [model]
}

/**
 * Finds what is wrong with what was asked for before anything is trained.
 * Errors: ARGUMENT for settings that have no meaning for the model or the task.
 */
export async function checkModel(data: PreparedData, settings: TrainSettings): Promise<void> {
  primaryMetric(data, settings)
  const model = tableModel(settings)
  if (model === 'auto') return
  const candidate = standardCandidate(model, data.task)
  await parametersAskedFor(candidate, settings.set ?? {})
  if (settings.classWeight === 'balanced' && !(await takesWeights(candidate)))
    throw runError('ARGUMENT', 'notWithThisModel', { option: '--class-weight', model })
}

export async function chooseModel(
  data: PreparedData,
  settings: TrainSettings,
  options: ChooseOptions,
): Promise<Choice> {
  const families = familiesCompared(data, settings)
  const model = tableModel(settings)
  if (families === undefined) {
    const candidate = standardCandidate(model as FamilyName, data.task)
    return {
      candidate: {
        ...candidate,
        parameters: await parametersAskedFor(candidate, settings.set ?? {}),
      },
    }
  }
  const { compareModels } = await import('./board/compare.js')
  const { done } = options
  if (done?.complete === true)
    return { candidate: candidateOf(done.entries[done.chosen], data.task), board: done }
  const fixed =
    model === 'auto'
      ? {}
      : await parametersAskedFor(standardCandidate(model, data.task), settings.set ?? {})
  const compared = await compareModels(data, settings, {
    ...options,
    families,
    fixed,
    metric: primaryMetric(data, settings),
    budget: settings.timeBudget ?? standardBudget,
  })
  return { candidate: compared.winner, board: compared.board, outOfFold: compared.outOfFold }
}
