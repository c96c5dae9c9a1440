// The regressor that ignores the features: the bar that any model has to clear.

import { argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { quantileOfSorted } from '../../data/statistics.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { Matrix } from '../../estimator/matrix.js'
import { finiteNumber } from '../../estimator/state.js'

const dummyRegressorParameters = {
  strategy: choiceParameter(['mean', 'median', 'quantile', 'constant'], {
    default: 'mean',
    doc: 'What of the training targets is predicted for every row.',
  }),
  constant: optionalParameter(
    numberParameter({ doc: 'The number that the strategy constant predicts.' }),
  ),
  quantile: optionalParameter(
    numberParameter({ min: 0, max: 1, doc: 'The level of the strategy quantile.' }),
  ),
}

interface State {
  readonly constant: number
}

const definition = defineEstimator({
  name: 'DummyRegressor',
  parameters: dummyRegressorParameters,
  state: { constant: finiteNumber() },
  tags: { ignoresFeatures: true, allowNaN: true, sparse: true },
})

/**
 * Predicts one number for all rows. As scikit-learn's `DummyRegressor`.
 *
 * @example
 * ```ts
 * const dummy = await new DummyRegressor({ strategy: 'median' }).fit([[0], [0], [0]], [1, 2, 9])
 * await dummy.predict([[5]]) // [2]
 * ```
 */
export class DummyRegressor extends BaseRegressor<typeof dummyRegressorParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof dummyRegressorParameters> = {}) {
    super(definition, params)
  }

  /** What it predicts. */
  get constant(): number {
    return this.fitted('constant').constant
  }

  protected learn({ y, sampleWeight, operation }: RegressorTraining): State {
    const { strategy, constant, quantile } = this.params
    if (strategy === 'constant') {
      if (constant === undefined)
        throw argumentError(operation, 'a number for the strategy constant', 'none')
      return { constant }
    }
    if (strategy === 'mean') return { constant: meanOf(y, sampleWeight) }
    const level = strategy === 'median' ? 0.5 : quantile
    if (level === undefined)
      throw argumentError(operation, 'a quantile from 0 to 1 for the strategy quantile', 'none')
    return { constant: quantileOf(y, level, sampleWeight) }
  }

  protected valuesOf(x: Matrix, { constant }: State): Float64Array {
    return new Float64Array(x.rows).fill(constant)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DummyRegressor {
    return restore(DummyRegressor, json)
  }
}

function meanOf(y: Float64Array, weights: Float64Array | undefined): number {
  if (weights === undefined) return y.reduce((mean, value) => mean + value / y.length, 0)
  const total = weights.reduce((a, b) => a + b)
  return y.reduce((mean, value, i) => mean + value * (weights[i] / total), 0)
}

/** Linear between the neighbours; with weights, half of the weight (or `level` of it) lies on either side. */
function quantileOf(y: Float64Array, level: number, weights: Float64Array | undefined): number {
  if (weights === undefined) return quantileOfSorted(y.slice().sort(), level)
  const order = [...y.keys()].filter(i => weights[i] > 0).sort((a, b) => y[a] - y[b])
  const wanted = level * order.reduce((sum, i) => sum + weights[i], 0)
  let sum = 0
  for (const [k, i] of order.entries()) {
    sum += weights[i]
    if (sum > wanted) return y[i]
    if (sum === wanted && k + 1 < order.length) return y[i] / 2 + y[order[k + 1]] / 2
  }
  return y[order[order.length - 1]]
}
