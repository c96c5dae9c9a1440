// The mean of the k nearest neighbours' targets.

import type { GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { float64s } from '../../estimator/state.js'
import { matrixCodec } from '../linear-algebra/matrix-codec.js'
import { type KNeighbors, kneighborsOf, type NeighborOptions } from './kneighbors.js'
import {
  algorithmFor,
  checkNeighborParams,
  indexOf,
  keptRows,
  nearestOf,
  neighborWeights,
  requireRows,
} from './neighbor-index.js'
import { neighborParameters, weightsParameter } from './neighbor-parameters.js'

const kNeighborsRegressorParameters = { ...neighborParameters, weights: weightsParameter }

interface State {
  readonly rows: AnyMatrix
  readonly y: Float64Array
}

const definition = defineEstimator({
  name: 'KNeighborsRegressor',
  parameters: kNeighborsRegressorParameters,
  state: { rows: matrixCodec, y: float64s() },
  tags: { noSampleWeight: true, sparse: true },
  check({ rows, y, nFeaturesIn }, { nNeighbors }, json) {
    if (rows.width !== nFeaturesIn || y.length !== rows.rows || rows.rows < nNeighbors)
      json.fail(`${rows.rows} rows of ${nFeaturesIn} features with a target each`)
  },
})

/**
 * Regression by the mean of the nearest neighbours. As scikit-learn's `KNeighborsRegressor`.
 *
 * @example
 * ```ts
 * const model = await new KNeighborsRegressor({ nNeighbors: 2 }).fit([[0], [1], [2], [3]], [0, 10, 20, 30])
 * await model.predict([[1.4]]) // [15]
 * ```
 */
export class KNeighborsRegressor extends BaseRegressor<
  typeof kNeighborsRegressorParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  /** Errors: ARGUMENT for parameters that it doesn't take, and for a tree with metric cosine. */
  constructor(params: GivenParameters<typeof kNeighborsRegressorParameters> = {}) {
    super(definition, params)
    checkNeighborParams('KNeighborsRegressor', this.params)
  }

  /** How rows are looked up: what `algorithm: 'auto'` came to. */
  get fitMethod(): 'kdTree' | 'brute' {
    return algorithmFor(this.params, this.fitted('fitMethod').rows)
  }

  protected async learn({
    operation,
    x,
    y,
    signal,
    onProgress,
  }: RegressorTraining<AnyMatrix>): Promise<State> {
    requireRows(operation, x.rows, this.params.nNeighbors)
    const rows = keptRows(x)
    await indexOf(operation, rows, this.params, { signal, onProgress })
    return { rows, y }
  }

  protected async valuesOf(x: AnyMatrix, { rows, y }: State): Promise<Float64Array> {
    const { nNeighbors: k, weights } = this.params
    const operation = 'KNeighborsRegressor.predict'
    const { indices, distances } = await nearestOf(operation, rows, this.params, x, k)
    const counts = neighborWeights(weights, distances, k)
    const out = new Float64Array(x.rows)
    for (let row = 0; row < x.rows; row++) {
      let total = 0
      let sum = 0
      for (let i = row * k; i < (row + 1) * k; i++) {
        sum += counts[i] * y[indices[i]]
        total += counts[i]
      }
      out[row] = sum / total
    }
    return out
  }

  /**
   * The nearest training rows to each row of `x`, nearest first; without `x` those of each training
   * row, itself left out.
   */
  async kneighbors(x?: MatrixLike, options: NeighborOptions = {}): Promise<KNeighbors> {
    const { rows } = this.fitted('kneighbors')
    const operation = 'KNeighborsRegressor.kneighbors'
    const queries = x === undefined ? undefined : await this.readInput('kneighbors', x)
    return kneighborsOf(operation, rows, this.params, queries, options)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): KNeighborsRegressor {
    return restore(KNeighborsRegressor, json)
  }
}
