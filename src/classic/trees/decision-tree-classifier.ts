// A classification tree (Breiman, Friedman, Olshen & Stone, Classification and regression trees, 1984).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseTreeClassifier, treeClassifierDefinition } from './base-decision-tree.js'
import { treeClassifierParameters } from './tree-parameters.js'

const decisionTreeClassifierParameters = treeClassifierParameters('best', undefined)

/**
 * A tree of questions “is feature j at most t?” that leads each row to a leaf; a leaf answers with the shares
 * of the classes among its training rows. As scikit-learn's `DecisionTreeClassifier`: missing values go where
 * they lower the impurity most.
 *
 * @example
 * ```ts
 * const tree = await new DecisionTreeClassifier().fit([[1], [2], [8], [9]], ['low', 'low', 'high', 'high'])
 * await tree.predict([[7]]) // ['high']
 * exportText(tree) // |--- feature_0 <= 5.00 …
 * ```
 */
export class DecisionTreeClassifier extends BaseTreeClassifier {
  static readonly definition = treeClassifierDefinition(
    'DecisionTreeClassifier',
    decisionTreeClassifierParameters,
  )

  constructor(params: GivenParameters<typeof decisionTreeClassifierParameters> = {}) {
    super(DecisionTreeClassifier.definition, params)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DecisionTreeClassifier {
    return restore(DecisionTreeClassifier, json)
  }
}
