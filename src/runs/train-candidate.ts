// The final training of a candidate, net or estimator.

import type { Candidate } from './candidates.js'
import type { FitInRunOptions } from './fit-in-run.js'
import { fillNetSettings } from './net-defaults.js'
import type { PreparedData } from './prepare-data.js'
import type { TrainSettings } from './train-options.js'
import type { Trained } from './trained.js'

/** What was trained, and the settings with every default filled in. */
export async function trainCandidate(
  data: PreparedData,
  candidate: Candidate,
  given: TrainSettings,
  options: FitInRunOptions,
): Promise<{ trained: Trained; settings: TrainSettings }> {
  const { tell, signal, resumed } = options
  const { family, member } = candidate
  if (member === undefined) {
    const { trainNet } = await import('./train-net.js')
    const settings = fillNetSettings(given, data.task, data.split.train.length)
    const trained = await trainNet(data, settings, options)
    // What `auto` found is no setting: the same comparison must come of them again.
    const kept = given.model === 'auto' ? { seed: settings.seed } : settings
    return { trained, settings: { ...given, ...kept } }
  }
  const { trainEstimator } = await import('./train-estimator.js')
  if (resumed !== undefined) tell({ type: 'restarted', model: family })
  const { seed = 0, classWeight = 'none' } = given
  const balanced = classWeight === 'balanced'
  const trained = await trainEstimator(
    data,
    { ...candidate, member },
    { seed, balanced, tell, signal },
  )
  return { trained, settings: { ...given, seed, classWeight } }
}
