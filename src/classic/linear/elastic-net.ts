// Elastic net: minimises ‖y − X · coef − intercept‖² / (2 · rows) + alpha · l1Ratio · ‖coef‖₁
// + alpha · (1 − l1Ratio) / 2 · ‖coef‖² (Zou & Hastie 2005).

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { descentState, ElasticNetRegressor, lassoParameters } from './elastic-net-regressor.js'
import { checkLinearRegressor } from './linear-regressor.js'
import { l1Ratio } from './shared-parameters.js'

/** The parameters of ElasticNet. */
const elasticNetParameters = { ...lassoParameters, l1Ratio: l1Ratio(0.5) }

const definition = defineEstimator({
  name: 'ElasticNet',
  parameters: elasticNetParameters,
  state: descentState,
  tags: { sparse: true },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Linear regression with L1 and L2 penalties: sparse like Lasso, but features that go together stay
 * together. As scikit-learn's `ElasticNet`.
 *
 * @example
 * ```ts
 * const model = await new ElasticNet({ alpha: 0.1 }).fit([[0, 0], [1, 1], [2, 2]], [0, 1, 2])
 * console.log(model.coef) // both the same
 * ```
 */
export class ElasticNet extends ElasticNetRegressor<typeof elasticNetParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof elasticNetParameters> = {}) {
    super(definition, params)
  }

  protected get ratio(): number {
    return this.params.l1Ratio
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ElasticNet {
    return restore(ElasticNet, json)
  }
}
