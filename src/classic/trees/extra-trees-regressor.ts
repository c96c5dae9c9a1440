// A forest of regression trees with drawn thresholds (Geurts, Ernst & Wehenkel, 2006).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseForestRegressor, forestRegressorDefinition } from './base-forest.js'
import { forestRegressorParameters } from './tree-parameters.js'

const extraTreesRegressorParameters = forestRegressorParameters(false)

/**
 * Many trees of all rows, whose nodes draw one threshold for each feature; their predictions are averaged. As
 * scikit-learn's `ExtraTreesRegressor`.
 *
 * @example
 * ```ts
 * const forest = await new ExtraTreesRegressor({ nEstimators: 50 }).fit(x, y)
 * await forest.predict([[5.1, 3.5]])
 * ```
 */
export class ExtraTreesRegressor extends BaseForestRegressor {
  static readonly definition = forestRegressorDefinition(
    'ExtraTreesRegressor',
    extraTreesRegressorParameters,
  )

  constructor(params: GivenParameters<typeof extraTreesRegressorParameters> = {}) {
    super(ExtraTreesRegressor.definition, params, true)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ExtraTreesRegressor {
    return restore(ExtraTreesRegressor, json)
  }
}
