// How nets that read sequences can be asked to learn: those of texts, language models and speech.

import { rateOf } from './asked-rate.js'
import {
  type AskedRate,
  type RowsOf,
  sequenceOptimizers,
  type TrainSettings,
  trainParameters,
} from './train-options.js'

export interface OptimizerSettings {
  /** Default: `adam`. */
  readonly optimizer?: (typeof sequenceOptimizers)[number]
  /** The course of the rate; each kind of run has its own by default. */
  readonly schedule?: TrainSettings['schedule']
  /** λ of λ · Σw² of every kernel, added to the loss. Default: 0. */
  readonly l2?: number
}

export const optimizerParameters: RowsOf<OptimizerSettings> = {
  optimizer: { kind: 'choice', choices: sequenceOptimizers, help: 'helpOptimizer' },
  schedule: trainParameters.schedule,
  l2: trainParameters.l2,
}

/** By how much the rate differs from Adam's: gradients are clipped to a length of 1, which SGD and Adagrad feel. */
const relative: Readonly<Record<(typeof sequenceOptimizers)[number], number>> = {
  adam: 1,
  adamw: 1,
  sgd: 100,
  rmsprop: 1,
  adagrad: 100,
}

export type FilledOptimizer = Required<OptimizerSettings> & { readonly learningRate: number }

/** What was asked for, else what suits the kind of run: `learningRate` is Adam's. */
export function fillOptimizer(
  given: OptimizerSettings & { readonly learningRate?: AskedRate },
  suited: Required<Pick<OptimizerSettings, 'schedule'>> & { readonly learningRate: number },
): FilledOptimizer {
  const { optimizer = 'adam', schedule = suited.schedule, l2 = 0 } = given
  return {
    optimizer,
    learningRate: rateOf(given, suited.learningRate * relative[optimizer]),
    schedule,
    l2,
  }
}
