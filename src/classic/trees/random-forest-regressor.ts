// A forest of regression trees (Breiman, Random forests, 2001).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseForestRegressor, forestRegressorDefinition } from './base-forest.js'
import { forestRegressorParameters } from './tree-parameters.js'

const randomForestRegressorParameters = forestRegressorParameters(true)

/**
 * Many trees, each of rows drawn anew, whose predictions are averaged. As scikit-learn's
 * `RandomForestRegressor`; set `maxFeatures` to a third (0.33) to make the trees differ more.
 *
 * @example
 * ```ts
 * const forest = await new RandomForestRegressor({ nEstimators: 50 }).fit(x, y)
 * await forest.predict([[5.1, 3.5]])
 * ```
 */
export class RandomForestRegressor extends BaseForestRegressor {
  static readonly definition = forestRegressorDefinition(
    'RandomForestRegressor',
    randomForestRegressorParameters,
  )

  constructor(params: GivenParameters<typeof randomForestRegressorParameters> = {}) {
    super(RandomForestRegressor.definition, params, false)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RandomForestRegressor {
    return restore(RandomForestRegressor, json)
  }
}
