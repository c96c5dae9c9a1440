// Linear support vector regression (Ho & Lin 2012, LIBLINEAR): ½‖w‖² + C·Σ of what errors exceed epsilon
// by, or its square, the intercept penalised like a weight.

import { choiceParameter, type GivenParameters, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import { finiteNumber, flag, float64s, integer } from '../../estimator/state.js'
import { choosesDual, fitLinear, linearParameters, linearScores } from './linear-machine.js'

const { C, tol, dual, fitIntercept, interceptScaling, maxIter, randomState } = linearParameters

const linearSVRParameters = {
  epsilon: numberParameter({
    default: 0,
    min: 0,
    doc: 'Errors up to this cost nothing.',
    search: { scale: 'log', low: 1e-3, high: 1 },
  }),
  tol,
  C,
  loss: choiceParameter(['epsilonInsensitive', 'squaredEpsilonInsensitive'], {
    default: 'epsilonInsensitive',
    doc: 'max(0, |error| − epsilon), or its square.',
    search: { choices: ['epsilonInsensitive', 'squaredEpsilonInsensitive'] },
  }),
  fitIntercept,
  interceptScaling,
  dual,
  randomState,
  maxIter,
}

interface State {
  readonly coef: Float64Array
  readonly intercept: number
  readonly nIter: number
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'LinearSVR',
  parameters: linearSVRParameters,
  state: { coef: float64s(), intercept: finiteNumber(), nIter: integer(0), converged: flag },
  tags: { sparse: true },
  check({ coef, nFeaturesIn }, _, json) {
    if (coef.length !== nFeaturesIn) json.fail(`${nFeaturesIn} coefficients`, `${coef.length}`)
  },
})

/**
 * Linear support vector regression. As scikit-learn's `LinearSVR`; features may be sparse.
 *
 * @example
 * ```ts
 * const model = await new LinearSVR({ C: 100 }).fit([[0], [1], [2]], [1, 3, 5])
 * await model.predict([[10]]) // about [21]
 * ```
 */
export class LinearSVR extends BaseRegressor<typeof linearSVRParameters, State, AnyMatrix> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof linearSVRParameters> = {}) {
    super(definition, params)
  }

  /** One coefficient a feature. */
  get coef(): Float64Array {
    return this.fitted('coef').coef
  }

  get intercept(): number {
    return this.fitted('intercept').intercept
  }

  /** Passes over the data, or Newton steps. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { params } = this
    const { operation, x, y, sampleWeight } = training
    const squared = params.loss === 'squaredEpsilonInsensitive'
    const isDual = choosesDual(operation, params.dual, { dual: true, primal: squared }, x)
    const { coef, intercept, nIter, converged } = await fitLinear(training, {
      method: !squared
        ? 'dualEpsilonInsensitive'
        : isDual
          ? 'dualSquaredEpsilonInsensitive'
          : 'newtonSquaredEpsilonInsensitive',
      y,
      cost: y.map((_, i) => params.C * (sampleWeight?.[i] ?? 1)),
      factors: [[1, 1]],
      tolerances: [params.tol],
      epsilon: params.epsilon,
      params,
    })
    return { coef, intercept: intercept[0], nIter: nIter[0], converged }
  }

  protected valuesOf(x: AnyMatrix, { coef, intercept }: State): Promise<Float64Array> {
    return linearScores('LinearSVR.predict', x, coef, Float64Array.of(intercept))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LinearSVR {
    return restore(LinearSVR, json)
  }
}
