// Generalised linear regression for positive targets whose spread grows with them.

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import {
  GeneralisedLinearRegressor,
  generalisedParameters,
  generalisedState,
} from './generalised-linear.js'
import { checkLinearRegressor } from './linear-regressor.js'

/** The parameters of GammaRegressor. */
const gammaRegressorParameters = generalisedParameters

const definition = defineEstimator({
  name: 'GammaRegressor',
  parameters: gammaRegressorParameters,
  state: generalisedState,
  tags: { sparse: true, targets: 'positive' },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Gamma regression, for positive amounts whose error is relative: the mean is e to a linear score. As
 * scikit-learn's `GammaRegressor`.
 *
 * @example
 * ```ts
 * const model = await new GammaRegressor({ alpha: 0 }).fit([[0], [1], [2], [3]], [1, 2, 4, 8])
 * console.log(Math.exp(model.coef[0])) // the mean doubles with each step
 * ```
 */
export class GammaRegressor extends GeneralisedLinearRegressor<typeof gammaRegressorParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof gammaRegressorParameters> = {}) {
    super(definition, params)
  }

  protected get family(): number {
    return 2
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): GammaRegressor {
    return restore(GammaRegressor, json)
  }
}
