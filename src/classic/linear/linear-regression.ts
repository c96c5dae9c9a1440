// Ordinary least squares: minimises Σ wᵢ · (yᵢ − rowᵢ · coef − intercept)² (Legendre 1805, Gauss 1809). By QR of
// the centred features; where these depend on each other, the answer of least norm.

import { argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import { isSparse } from '../../estimator/matrix.js'
import { flag, integer, optional } from '../../estimator/state.js'
import { coordinateDescent } from './coordinate-descent.js'
import { type DescentTrace, descentTrace } from './descent-trace.js'
import { solveLeastSquares } from './least-squares.js'
import {
  checkLinearRegressor,
  LinearRegressor,
  type LinearRegressorState,
  linearRegressorState,
} from './linear-regressor.js'
import { minimise } from './minimise.js'
import { fitIntercept, learningRate } from './shared-parameters.js'

/** The parameters of LinearRegression. */
const linearRegressionParameters = {
  fitIntercept,
  solver: choiceParameter(['qr', 'cholesky', 'lbfgs', 'gradientDescent'], {
    default: 'qr',
    doc: 'How it is solved: QR (the most exact), normal equations (cholesky), or step by step; gradientDescent is for learning and leaves a trace.',
  }),
  tol: numberParameter({
    default: 1e-8,
    min: 0,
    doc: 'Directly: a feature counts as dependent on others when less than this share of it is its own. Step by step: stops when no component of the gradient of half the mean squared error is larger.',
  }),
  positive: booleanParameter({
    default: false,
    doc: 'Whether coefficients must not be below 0; then by coordinate descent.',
  }),
  maxIter: integerParameter({
    default: 1000,
    min: 1,
    doc: 'Iterations at most, where there are any.',
  }),
  learningRate,
}

interface State extends LinearRegressorState {
  /** Of the features, where a direct solver found it. */
  readonly rank: number | undefined
  readonly nIter: number
  readonly converged: boolean
  readonly trace: DescentTrace | undefined
}

const definition = defineEstimator({
  name: 'LinearRegression',
  parameters: linearRegressionParameters,
  state: {
    ...linearRegressorState,
    rank: optional(integer(0)),
    nIter: integer(0),
    converged: flag,
    trace: optional(descentTrace),
  },
  tags: { sparse: true },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/** Rounding of float32 makes columns look independent that are not. */
const float32Tolerance = 1e-6

/** Features beyond which sparse rows are not filled for a QR. */
const mostFilled = 1000

/**
 * Ordinary least squares. As scikit-learn's `LinearRegression`.
 *
 * @example
 * ```ts
 * const line = await new LinearRegression().fit([[0], [1], [2]], [1, 3, 5])
 * await line.predict([[3]]) // about [7]
 * ```
 */
export class LinearRegression extends LinearRegressor<typeof linearRegressionParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof linearRegressionParameters> = {}) {
    super(definition, params)
  }

  /** The rank of the (centred) features; undefined after a solver that does not find it. */
  get rank(): number | undefined {
    return this.fitted('rank').rank
  }

  /** Iterations; 0 of direct solvers. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  /** Of the solver gradientDescent: loss (half the mean squared error) and coefficients of each iterate. */
  get trace(): DescentTrace | undefined {
    return this.fitted('trace').trace
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { fitIntercept, solver, tol, positive, maxIter, learningRate } = this.params
    const { operation, x, y, sampleWeight } = training
    if (positive) {
      if (solver === 'gradientDescent')
        throw argumentError(operation, 'another solver than gradientDescent with positive', solver)
      const found = await coordinateDescent(training, {
        alphas: [0],
        l1Ratio: 0,
        fitIntercept,
        positive,
        maxIter: Math.max(maxIter, 1000),
        tol: tol * tol,
      })
      const { coef, intercept, nIter, converged } = found
      return {
        coef,
        intercept: intercept[0],
        rank: undefined,
        nIter: nIter[0],
        converged: converged[0],
        trace: undefined,
      }
    }
    const filled = !isSparse(x) || x.width <= mostFilled
    if ((solver === 'qr' && filled) || solver === 'cholesky') {
      const rounded = !isSparse(x) && x.x instanceof Float32Array ? float32Tolerance : 0
      const { coef, intercept, rank } = await solveLeastSquares(training, {
        method: solver === 'qr' ? 'qr' : 'normal',
        targets: y,
        weights: sampleWeight,
        penalty: 0,
        fitIntercept,
        tol: Math.max(tol, rounded),
      })
      return { coef, intercept: intercept[0], rank, nIter: 0, converged: true, trace: undefined }
    }
    const minimum = await minimise(training, {
      loss: 'squared',
      penalty: 0,
      fitIntercept,
      targets: y,
      weights: sampleWeight,
      solver: solver === 'qr' ? 'newtonCg' : solver,
      maxIter,
      tol,
      relative: solver === 'qr',
      learningRate,
    })
    const { coef, intercept, nIter, converged, trace } = minimum
    return { coef, intercept: intercept[0], rank: undefined, nIter, converged, trace }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): LinearRegression {
    return restore(LinearRegression, json)
  }
}
