// The final fit of an estimator: on all training rows, or a sample where its family takes no more.

import type { FitProgress } from '../estimator/contract.js'
import { diagnose } from '../execute/select.js'
import type { Candidate } from './candidates.js'
import { givenParameters } from './estimator-core.js'
import type { RunEventBody } from './events.js'
import { fitEstimator } from './fit-estimator.js'
import { executorName } from './manifest.js'
import { families } from './model-families.js'
import { ModelFeatures } from './model-features.js'
import type { PreparedData } from './prepare-data.js'
import { someRows } from './sampled-rows.js'
import type { Trained } from './trained.js'

export interface TrainEstimatorOptions {
  readonly seed: number
  readonly balanced: boolean
  readonly tell: (event: RunEventBody) => void
  readonly signal?: AbortSignal
}

export async function trainEstimator(
  data: PreparedData,
  candidate: Candidate & { readonly member: NonNullable<Candidate['member']> },
  options: TrainEstimatorOptions,
): Promise<Trained> {
  const { seed, balanced, tell, signal } = options
  const { family, member, parameters } = candidate
  const { sample, encoder, split } = data
  const rows = someRows(sample.split.train, families[family].mostRows, seed)
  const features = ModelFeatures.of(member.features, data.preprocessor)
  const { passedOver } = diagnose()
  tell({
    type: 'fitting',
    model: family,
    estimator: member.estimator,
    parameters,
    features: features.width,
    rows: rows.length,
    of: split.train.length,
    executor: executorName(diagnose()),
    passedOver,
  })
  const fit = (chosen: Uint32Array, onProgress?: (progress: FitProgress) => void) =>
    fitEstimator({
      member,
      parameters,
      seed,
      features,
      encoder,
      table: sample.table,
      rows: chosen,
      balanced,
      signal,
      onProgress,
    })
  const began = performance.now()
  const core = await fit(rows, progress => {
    const seconds = (performance.now() - began) / 1000
    const { fraction } = progress
    tell({
      type: 'fit-progress',
      fraction,
      ...(fraction > 0.02 ? { secondsLeft: (seconds * (1 - fraction)) / fraction } : {}),
    })
  })
  return {
    family,
    core,
    parts: {
      kind: 'estimator',
      estimator: member.estimator,
      parameters: givenParameters(core),
      features: features.width,
      rows: rows.length,
      bytes: core.bytes,
    },
    history: null,
    retrain: chosen => fit(someRows(chosen, rows.length, seed)),
  }
}
