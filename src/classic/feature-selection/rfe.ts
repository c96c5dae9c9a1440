// Recursive feature elimination down to a number of features.

import type { Labels } from '../../base/label.js'
import { type GivenParameters, optionalParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { selectColumns } from '../../estimator/column-blocks.js'
import type { AnyStep } from '../compose/steps.js'
import { countOrShare } from '../preprocessing/infrequent.js'
import {
  checkElimination,
  EliminationSelector,
  type EliminationState,
  eliminate,
  eliminationParameters,
  eliminationState,
  placesOf,
  stepOf,
} from './elimination.js'

const rfeParameters = {
  estimator: eliminationParameters.estimator,
  nFeaturesToSelect: optionalParameter(
    countOrShare('Features kept: a number, or (below 1) a share of all; null: half of them.'),
  ),
  step: eliminationParameters.step,
  importanceGetter: eliminationParameters.importanceGetter,
}

const definition = defineEstimator({
  name: 'RFE',
  parameters: rfeParameters,
  state: eliminationState,
  check(state: Parameters<typeof checkElimination>[0], { estimator }, json) {
    checkElimination(state, estimator, json)
  },
})

/**
 * Recursive feature elimination: fits an estimator, leaves out the features with the smallest coefficients or
 * importances, fits again, until `nFeaturesToSelect` are left; then predicts by the estimator fitted on these. As
 * scikit-learn's `RFE`.
 *
 * Errors: ARGUMENT for an estimator without coefficients and importances; those of the estimator.
 *
 * @example
 * ```ts
 * const rfe = new RFE({ estimator: new Ridge(), nFeaturesToSelect: 1 })
 * await rfe.fit([[0, 1], [1, 1.1], [2, 0.9], [3, 1]], [0, 1, 2, 3])
 * rfe.ranking // [1, 2]
 * ```
 */
export class RFE extends EliminationSelector<typeof rfeParameters, EliminationState> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof rfeParameters>) {
    super(definition, params)
  }

  protected async learn(training: TransformerTraining<AnyMatrix>): Promise<EliminationState> {
    const { operation, x, width, sampleWeight, signal, onProgress } = training
    const y = training.y as Labels
    const { estimator: given, nFeaturesToSelect, step, importanceGetter } = this.params
    const options = { signal, onProgress, ...(sampleWeight && { sampleWeight }) }
    const found = await eliminate({
      ...{ operation, x, y, estimator: given, importanceGetter, options },
      step: stepOf(step, width),
      keep: keptOf(nFeaturesToSelect, width),
    })
    const estimator = given.clone() as AnyStep
    const { onProgress: _, ...quiet } = options
    await estimator.fit(selectColumns(x, placesOf(found.support)), y, quiet)
    return { ...found, estimator }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RFE {
    return restore(RFE, json)
  }
}

function keptOf(wanted: number | undefined, width: number): number {
  const count = wanted === undefined ? width / 2 : wanted < 1 ? width * wanted : wanted
  return Math.max(1, Math.floor(count))
}
