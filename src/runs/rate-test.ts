// The range test of learning rates on the net of a run, and what a run keeps of it.

import type { BatchSource } from '../train/batches.js'
import { findLearningRate, type LearningRateRange } from '../train/find-learning-rate.js'
import type { Model } from '../train/model.js'
import type { RunEventBody } from './events.js'

/** The net that is about to be trained, with the batches that it will see. */
export interface NetToRate {
  readonly net: Model
  readonly source: BatchSource
  readonly batchSize: number
  readonly seed: number
  /** The rate that is taken where nothing is asked for. */
  readonly standard: number
}

/** What manifest, log and report keep of a range test. */
export interface RateTest {
  /** The rate taken: the suggestion, or the standard one where the loss fell at no rate. */
  readonly rate: number
  readonly suggestedBy: LearningRateRange['suggestedBy']
  readonly standard: number
  readonly learningRates: readonly number[]
  readonly smoothedLosses: readonly number[]
}

/** What `suggestLearningRate` found, beside the rate that `train` takes by itself. */
export interface SuggestedLearningRate extends LearningRateRange {
  readonly standard: number
}

export interface RateTestOptions {
  readonly tell: (event: RunEventBody) => void
  readonly signal?: AbortSignal
}

/** Errors: INTERRUPTED after `signal`. */
export async function testRates(
  { net, source, batchSize, seed }: NetToRate,
  { tell, signal }: RateTestOptions,
): Promise<LearningRateRange> {
  return findLearningRate(net, source, {
    batchSize,
    seed,
    signal,
    onStep: (step, steps) => tell({ type: 'rating', step, steps }),
  })
}
