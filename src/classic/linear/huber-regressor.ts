// Regression that outliers do not pull: minimises Σ wᵢ · (σ + σ · H((yᵢ − rowᵢ · coef − intercept) / σ)) + alpha · ‖coef‖²
// over coefficients and the scale σ together, where H is quadratic up to epsilon and then linear (Huber 1981,
// section 7.7; Owen 2007).

import { type GivenParameters, integerParameter, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import type { RegressorTraining } from '../../estimator/base-regressor.js'
import { finiteNumber, flag, integer, uint8s } from '../../estimator/state.js'
import {
  checkLinearRegressor,
  LinearRegressor,
  type LinearRegressorState,
  linearRegressorState,
} from './linear-regressor.js'
import { linearAnswers } from './linear-scores.js'
import { minimise } from './minimise.js'
import { fitIntercept, warmStart } from './shared-parameters.js'

/** The parameters of HuberRegressor. */
const huberRegressorParameters = {
  epsilon: numberParameter({
    default: 1.35,
    min: 1,
    doc: 'From how many times the scale on a row counts as an outlier; the smaller, the more robust.',
    search: { scale: 'linear', low: 1.1, high: 2.5 },
  }),
  maxIter: integerParameter({ default: 100, min: 1, doc: 'Iterations at most.' }),
  alpha: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Strength of the L2 penalty.',
    search: { scale: 'log', low: 1e-6, high: 10 },
  }),
  warmStart,
  fitIntercept,
  tol: numberParameter({
    default: 1e-5,
    min: 0,
    doc: 'Stops when no component of the gradient of the mean is larger, the targets scaled to a deviation of 1.',
  }),
}

interface State extends LinearRegressorState {
  readonly scale: number
  /** 1 for training rows beyond epsilon times the scale. */
  readonly outliers: Uint8Array
  readonly nIter: number
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'HuberRegressor',
  parameters: huberRegressorParameters,
  state: {
    ...linearRegressorState,
    scale: finiteNumber(0),
    outliers: uint8s({ low: 0, high: 1 }),
    nIter: integer(0),
    converged: flag,
  },
  tags: { sparse: true },
  check: (state, _, json) => checkLinearRegressor(state, json),
})

/**
 * Linear regression that outliers do not pull. As scikit-learn's `HuberRegressor`.
 *
 * @example
 * ```ts
 * const x = Array.from({ length: 20 }, (_, i) => [i])
 * const y = x.map(([value], i) => (i === 3 ? 500 : 2 * value + Math.sin(i)))
 * const model = await new HuberRegressor().fit(x, y)
 * console.log(model.coef[0], model.outliers[3]) // about 2, and 1
 * ```
 */
export class HuberRegressor extends LinearRegressor<typeof huberRegressorParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof huberRegressorParameters> = {}) {
    super(definition, params)
  }

  /** σ, the scale of the residuals that are no outliers. */
  get scale(): number {
    return this.fitted('scale').scale
  }

  /** 1 for each training row that counted as an outlier. */
  get outliers(): Uint8Array {
    return this.fitted('outliers').outliers
  }

  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<State> {
    const { epsilon, maxIter, alpha, fitIntercept, tol } = this.params
    const { operation, x, y, sampleWeight: weights, width } = training
    const { mean, deviation, total } = spreadOf(y, weights, fitIntercept)
    if (deviation === 0)
      return {
        coef: new Float64Array(width),
        intercept: mean,
        scale: 0,
        outliers: new Uint8Array(y.length),
        nIter: 0,
        converged: true,
      }
    const minimum = await minimise(training, {
      loss: 'huber',
      shape: epsilon,
      penalty: (2 * alpha * deviation) / total,
      fitIntercept,
      targets: y.map(value => (value - mean) / deviation),
      weights,
      solver: 'lbfgs',
      maxIter,
      tol,
      start: this.startOf(width, mean, deviation),
    })
    const coef = minimum.coef.map(value => value * deviation)
    const intercept = mean + minimum.intercept[0] * deviation
    const scale = minimum.scale * deviation
    const fitted = await linearAnswers(operation, x, {
      coef,
      intercept: Float64Array.of(intercept),
    })
    const outliers = Uint8Array.from(y, (value, i) =>
      Number(Math.abs(value - fitted[i]) > epsilon * scale),
    )
    return {
      coef,
      intercept,
      scale,
      outliers,
      nIter: minimum.nIter,
      converged: minimum.converged,
    }
  }

  private startOf(width: number, mean: number, deviation: number): Float64Array | undefined {
    const before = this.params.warmStart && this.isFitted ? this.fitted('fit') : undefined
    if (before?.coef.length !== width || before.scale === 0) return undefined
    const start = new Float64Array(width + 2)
    start.set(before.coef.map(value => value / deviation))
    start[width] = (before.intercept - mean) / deviation
    start[width + 1] = Math.log(before.scale / deviation)
    return start
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): HuberRegressor {
    return restore(HuberRegressor, json)
  }
}

/** The targets' mean (0 without an intercept to take it up), their deviation from it, and all weight. */
function spreadOf(y: Float64Array, weights: Float64Array | undefined, centred: boolean) {
  const weightOf = (i: number) => weights?.[i] ?? 1
  let total = 0
  let sum = 0
  for (let i = 0; i < y.length; i++) {
    total += weightOf(i)
    sum += weightOf(i) * y[i]
  }
  const mean = centred ? sum / total : 0
  let squares = 0
  for (let i = 0; i < y.length; i++) squares += weightOf(i) * (y[i] - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / total), total }
}
