// A regression tree whose thresholds are drawn (Geurts, Ernst & Wehenkel, Extremely randomized trees, 2006).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseTreeRegressor, treeRegressorDefinition } from './base-decision-tree.js'
import { treeRegressorParameters } from './tree-parameters.js'

const extraTreeRegressorParameters = treeRegressorParameters('random', undefined)

/**
 * A regression tree that draws one threshold for each feature and keeps the best of these: of use within
 * ensembles. As scikit-learn's `ExtraTreeRegressor`.
 *
 * @example
 * ```ts
 * const tree = await new ExtraTreeRegressor().fit([[1], [2], [8], [9]], [1, 1, 5, 6])
 * await tree.predict([[9]]) // Float64Array [6]
 * ```
 */
export class ExtraTreeRegressor extends BaseTreeRegressor {
  static readonly definition = treeRegressorDefinition(
    'ExtraTreeRegressor',
    extraTreeRegressorParameters,
  )

  constructor(params: GivenParameters<typeof extraTreeRegressorParameters> = {}) {
    super(ExtraTreeRegressor.definition, params)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ExtraTreeRegressor {
    return restore(ExtraTreeRegressor, json)
  }
}
