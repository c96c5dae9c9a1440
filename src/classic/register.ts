// Makes every estimator known by its name, so that pipelines, searches and ensembles that hold one can
// be read from JSON.

import type { EstimatorClass } from '../estimator/contract.js'
import { registerEstimator } from '../estimator/estimator-parameter.js'
import * as estimators from './estimators.js'

/** Every class of estimators there is, in alphabetical order. */
export const allEstimators: readonly EstimatorClass[] = Object.values<unknown>(estimators)
  .filter(
    (value): value is EstimatorClass =>
      typeof value === 'function' && 'definition' in value && 'fromJSON' in value,
  )
  .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))

registerEstimator(...allEstimators)
