// A regression tree (Breiman, Friedman, Olshen & Stone, Classification and regression trees, 1984).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseTreeRegressor, treeRegressorDefinition } from './base-decision-tree.js'
import { treeRegressorParameters } from './tree-parameters.js'

const decisionTreeRegressorParameters = treeRegressorParameters('best', undefined)

/**
 * A tree of questions “is feature j at most t?” that leads each row to a leaf; a leaf answers with the mean of its
 * training targets (the median for absoluteError). As scikit-learn's `DecisionTreeRegressor`: missing values go
 * where they lower the impurity most.
 *
 * @example
 * ```ts
 * const tree = await new DecisionTreeRegressor({ maxDepth: 2 }).fit([[1], [2], [8], [9]], [1, 1, 5, 6])
 * await tree.predict([[8.1]]) // Float64Array [5]
 * ```
 */
export class DecisionTreeRegressor extends BaseTreeRegressor {
  static readonly definition = treeRegressorDefinition(
    'DecisionTreeRegressor',
    decisionTreeRegressorParameters,
  )

  constructor(params: GivenParameters<typeof decisionTreeRegressorParameters> = {}) {
    super(DecisionTreeRegressor.definition, params)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DecisionTreeRegressor {
    return restore(DecisionTreeRegressor, json)
  }
}
