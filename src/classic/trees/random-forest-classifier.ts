// A forest of classification trees (Breiman, Random forests, 2001).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseForestClassifier, forestClassifierDefinition } from './base-forest.js'
import { forestClassifierParameters } from './tree-parameters.js'

const randomForestClassifierParameters = forestClassifierParameters(true)

/**
 * Many trees, each of rows drawn anew and with few features in sight of each node, whose probabilities are
 * averaged. As scikit-learn's `RandomForestClassifier`.
 *
 * @example
 * ```ts
 * const forest = await new RandomForestClassifier({ nEstimators: 50, oobScore: true }).fit(x, y)
 * forest.oobScore // accuracy on rows that the trees have not seen
 * await forest.predictProba([[5.1, 3.5]])
 * ```
 */
export class RandomForestClassifier extends BaseForestClassifier {
  static readonly definition = forestClassifierDefinition(
    'RandomForestClassifier',
    randomForestClassifierParameters,
  )

  constructor(params: GivenParameters<typeof randomForestClassifierParameters> = {}) {
    super(RandomForestClassifier.definition, params, false)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RandomForestClassifier {
    return restore(RandomForestClassifier, json)
  }
}
