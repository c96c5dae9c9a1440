// A forest of classification trees with drawn thresholds (Geurts, Ernst & Wehenkel, 2006).

import type { GivenParameters } from '../../base/parameters.js'
import { restore } from '../../estimator/base-estimator.js'
import { BaseForestClassifier, forestClassifierDefinition } from './base-forest.js'
import { forestClassifierParameters } from './tree-parameters.js'

const extraTreesClassifierParameters = forestClassifierParameters(false)

/**
 * Many trees of all rows, whose nodes draw one threshold for each of a few features; their probabilities are
 * averaged. Faster to fit than a random forest, smoother, often as good. As scikit-learn's `ExtraTreesClassifier`.
 *
 * @example
 * ```ts
 * const forest = await new ExtraTreesClassifier({ nEstimators: 50 }).fit(x, y)
 * await forest.predict([[5.1, 3.5]])
 * ```
 */
export class ExtraTreesClassifier extends BaseForestClassifier {
  static readonly definition = forestClassifierDefinition(
    'ExtraTreesClassifier',
    extraTreesClassifierParameters,
  )

  constructor(params: GivenParameters<typeof extraTreesClassifierParameters> = {}) {
    super(ExtraTreesClassifier.definition, params, true)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ExtraTreesClassifier {
    return restore(ExtraTreesClassifier, json)
  }
}
