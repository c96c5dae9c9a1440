// Generalised linear regression for counts: targets of 0 or more.

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import {
  GeneralisedLinearRegressor,
  generalisedParameters,
  generalisedState,
} from './generalised-linear.js'
import { checkLinearRegressor } from './linear-regressor.js'

/** The parameters of PoissonRegressor. */
const poissonRegressorParameters = generalisedParameters

const definition = defineEstimator({
  name: 'PoissonRegressor',
  parameters: poissonRegressorParameters,
  state: generalisedState,
  tags: { sparse: true, targets: 'nonNegative' },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Poisson regression, for counts and rates: the mean is e to a linear score. As
 * scikit-learn's `PoissonRegressor`.
 *
 * @example
 * ```ts
 * const model = await new PoissonRegressor({ alpha: 0 }).fit([[0], [1], [2], [3]], [1, 3, 7, 20])
 * console.log(Math.exp(model.coef[0])) // the mean grows by a factor of about 2.7 with each step
 * ```
 */
export class PoissonRegressor extends GeneralisedLinearRegressor<
  typeof poissonRegressorParameters
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof poissonRegressorParameters> = {}) {
    super(definition, params)
  }

  protected get family(): number {
    return 1
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): PoissonRegressor {
    return restore(PoissonRegressor, json)
  }
}
