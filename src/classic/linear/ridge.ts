// Ridge regression: minimises Σ wᵢ · (yᵢ − rowᵢ · coef − intercept)² + alpha · ‖coef‖², the intercept free
// (Hoerl & Kennard 1970).

import type { GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import { flag, integer } from '../../estimator/state.js'
import {
  checkLinearRegressor,
  LinearRegressor,
  type LinearRegressorState,
  linearRegressorState,
} from './linear-regressor.js'
import { ridgeParameters, solveRidge } from './ridge-solver.js'

export { ridgeParameters } from './ridge-solver.js'

interface State extends LinearRegressorState {
  readonly nIter: number
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'Ridge',
  version: 2,
  parameters: ridgeParameters,
  state: { ...linearRegressorState, nIter: integer(0), converged: flag },
  tags: { sparse: true },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Linear regression with an L2 penalty. As scikit-learn's `Ridge`.
 *
 * @example
 * ```ts
 * const model = await new Ridge({ alpha: 1e-6 }).fit([[0], [1], [2]], [1, 3, 5])
 * console.log(await model.predict([[10]])) // about [21]
 * ```
 */
export class Ridge extends LinearRegressor<typeof ridgeParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof ridgeParameters> = {}) {
    super(definition, params)
  }

  /** Iterations; 0 of direct solvers. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { coef, intercept, nIter, converged } = await solveRidge(training, {
      ...this.params,
      targets: training.y,
      targetCount: 1,
      weights: training.sampleWeight,
    })
    return { coef, intercept: intercept[0], nIter, converged }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): Ridge {
    return restore(Ridge, json)
  }
}
