// Lasso: minimises ‖y − X · coef − intercept‖² / (2 · rows) + alpha · ‖coef‖₁ (Tibshirani 1996).

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { descentState, ElasticNetRegressor, lassoParameters } from './elastic-net-regressor.js'
import { checkLinearRegressor } from './linear-regressor.js'

export { lassoParameters } from './elastic-net-regressor.js'

const definition = defineEstimator({
  name: 'Lasso',
  parameters: lassoParameters,
  state: descentState,
  tags: { sparse: true },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Linear regression whose L1 penalty leaves only some coefficients other than 0. As scikit-learn's `Lasso`.
 *
 * @example
 * ```ts
 * const model = await new Lasso({ alpha: 0.1 }).fit([[0, 5], [1, -3], [2, 4], [3, -4]], [0, 2, 4, 6])
 * console.log(model.coef) // the second feature has the coefficient 0
 * ```
 */
export class Lasso extends ElasticNetRegressor<typeof lassoParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof lassoParameters> = {}) {
    super(definition, params)
  }

  protected get ratio(): number {
    return 1
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): Lasso {
    return restore(Lasso, json)
  }
}
