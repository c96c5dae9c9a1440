// The regressor that ignores the features: the bar that any model has to clear.

import { JsonReader } from '../../base/json-reader.js'
import { choiceParameter, type ParametersOf, resolveParameters } from '../../base/parameters.js'
import type { EstimatorJson, FitOptions, Regressor } from '../contract.js'
import { fitOptions, requireFitted } from '../contract.js'
import { asMatrix, checkTargets, type MatrixLike, weightsFor } from '../matrix.js'
import { r2 } from '../metrics/r2.js'

export const dummyRegressorParameters = {
  strategy: choiceParameter(['mean', 'median'], {
    default: 'mean',
    doc: 'What of the training targets is predicted for every row.',
  }),
}

export type DummyRegressorParams = ParametersOf<typeof dummyRegressorParameters>

/**
 * Predicts the mean or the median of the training targets. As scikit-learn's `DummyRegressor`.
 *
 * @example
 * ```ts
 * new DummyRegressor({ strategy: 'median' }).fit([[0], [0], [0]], [1, 2, 9]).predict([[5]]) // [2]
 * ```
 */
export class DummyRegressor implements Regressor<DummyRegressorParams> {
  readonly estimatorType = 'regressor'
  readonly params: DummyRegressorParams
  private constant: number | undefined

  constructor(params: Partial<DummyRegressorParams> = {}) {
    this.params = resolveParameters('DummyRegressor', dummyRegressorParameters, params)
  }

  get isFitted(): boolean {
    return this.constant !== undefined
  }

  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): this {
    const operation = 'DummyRegressor.fit'
    fitOptions.check(operation, options)
    const { rows } = asMatrix(operation, x)
    checkTargets(operation, y, rows)
    const weights = weightsFor(operation, options.sampleWeight, rows)
    this.constant = this.params.strategy === 'mean' ? meanOf(y, weights) : medianOf(y, weights)
    return this
  }

  predict(x: MatrixLike): Float64Array {
    const constant = requireFitted('DummyRegressor.predict', this.constant)
    return new Float64Array(asMatrix('DummyRegressor.predict', x).rows).fill(constant)
  }

  score(x: MatrixLike, y: ArrayLike<number>, options = {}): number {
    return r2(y, this.predict(x), options)
  }

  clone(): DummyRegressor {
    return new DummyRegressor(this.params)
  }

  toJSON(): EstimatorJson {
    const state = this.constant === undefined ? null : { constant: this.constant }
    return { estimator: 'DummyRegressor', version: 1, params: this.params, state }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DummyRegressor {
    const reader = new JsonReader('DummyRegressor', json)
    reader.only('estimator', 'version', 'params', 'state')
    reader.get('estimator').oneOf(['DummyRegressor'])
    reader.get('version').integer(1, 1)
    const strategy = reader.get('params').only('strategy').get('strategy')
    const made = new DummyRegressor({ strategy: strategy.oneOf(['mean', 'median']) })
    const state = reader.get('state')
    if (state.value !== null) made.constant = state.only('constant').get('constant').number()
    return made
  }
}

function meanOf(y: ArrayLike<number>, weights: Float64Array): number {
  const total = weights.reduce((a, b) => a + b)
  let mean = 0
  for (let i = 0; i < y.length; i++) mean += y[i] * (weights[i] / total)
  return mean
}

/** Half of the weight lies on either side; between two such values their mean. */
function medianOf(y: ArrayLike<number>, weights: Float64Array): number {
  const order = Array.from({ length: y.length }, (_, i) => i)
    .filter(i => weights[i] > 0)
    .sort((a, b) => y[a] - y[b])
  const half = order.reduce((sum, i) => sum + weights[i], 0) / 2
  let sum = 0
  for (const [k, i] of order.entries()) {
    sum += weights[i]
    if (sum > half) return y[i]
    if (sum === half && k + 1 < order.length) return y[i] / 2 + y[order[k + 1]] / 2
  }
  return y[order[order.length - 1]]
}
