// A classification tree whose thresholds are drawn (Geurts, Ernst & Wehenkel, Extremely randomized trees, 2006).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseTreeClassifier, treeClassifierDefinition } from './base-decision-tree.js'
import { treeClassifierParameters } from './tree-parameters.js'

const extraTreeClassifierParameters = treeClassifierParameters('random', 'sqrt')

/**
 * A classification tree that draws one threshold for each of some features and keeps the best of these: of use
 * within ensembles. As scikit-learn's `ExtraTreeClassifier`.
 *
 * @example
 * ```ts
 * const tree = await new ExtraTreeClassifier().fit([[1], [2], [8], [9]], ['low', 'low', 'high', 'high'])
 * await tree.predict([[9]]) // ['high']
 * ```
 */
export class ExtraTreeClassifier extends BaseTreeClassifier {
  static readonly definition = treeClassifierDefinition(
    'ExtraTreeClassifier',
    extraTreeClassifierParameters,
  )

  constructor(params: GivenParameters<typeof extraTreeClassifierParameters> = {}) {
    super(ExtraTreeClassifier.definition, params)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ExtraTreeClassifier {
    return restore(ExtraTreeClassifier, json)
  }
}
