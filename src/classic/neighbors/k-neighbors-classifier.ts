// The k nearest neighbours vote (Fix & Hodges 1951; Cover & Hart 1967).

import type { GivenParameters } from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  ProbabilisticClassifier,
} from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { int32s } from '../../estimator/state.js'
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

const kNeighborsClassifierParameters = { ...neighborParameters, weights: weightsParameter }

interface State {
  readonly rows: AnyMatrix
  /** Each row's class. */
  readonly codes: Int32Array
}

const definition = defineEstimator({
  name: 'KNeighborsClassifier',
  parameters: kNeighborsClassifierParameters,
  state: { rows: matrixCodec, codes: int32s({ low: 0 }) },
  tags: { noSampleWeight: true, sparse: true },
  check(state, { nNeighbors }, json) {
    const { rows, codes, nFeaturesIn } = state
    if (rows.width !== nFeaturesIn || codes.length !== rows.rows || rows.rows < nNeighbors)
      json.fail(`${rows.rows} rows of ${nFeaturesIn} features with a class each`)
    if (!codes.every(code => code < countOf(state))) json.fail('classes that there are')
  },
})

/**
 * Classifier by vote of the nearest neighbours. As scikit-learn's `KNeighborsClassifier`.
 *
 * @example
 * ```ts
 * const model = await new KNeighborsClassifier({ nNeighbors: 3 }).fit([[0], [1], [2], [3]], [0, 0, 1, 1])
 * await model.predict([[1.1]]) // [0]
 * ```
 */
export class KNeighborsClassifier extends ProbabilisticClassifier<
  typeof kNeighborsClassifierParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  /** Errors: ARGUMENT for parameters that it doesn't take, and for a tree with metric cosine. */
  constructor(params: GivenParameters<typeof kNeighborsClassifierParameters> = {}) {
    super(definition, params)
    checkNeighborParams('KNeighborsClassifier', this.params)
  }

  /** How rows are looked up: what `algorithm: 'auto'` came to. */
  get fitMethod(): 'kdTree' | 'brute' {
    return algorithmFor(this.params, this.fitted('fitMethod').rows)
  }

  protected async learn({
    operation,
    x,
    codes,
    signal,
    onProgress,
  }: ClassifierTraining<AnyMatrix>): Promise<State> {
    requireRows(operation, x.rows, this.params.nNeighbors)
    const rows = keptRows(x)
    await indexOf(operation, rows, this.params, { signal, onProgress })
    return { rows, codes }
  }

  protected async probabilitiesOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    const { nNeighbors: k, weights } = this.params
    const operation = 'KNeighborsClassifier.predict'
    const { indices, distances } = await nearestOf(operation, state.rows, this.params, x, k)
    const counts = neighborWeights(weights, distances, k)
    const classes = countOf(state)
    const out = new Float64Array(x.rows * classes)
    for (let row = 0; row < x.rows; row++) {
      let total = 0
      for (let i = row * k; i < (row + 1) * k; i++) {
        out[row * classes + state.codes[indices[i]]] += counts[i]
        total += counts[i]
      }
      for (let c = row * classes; c < (row + 1) * classes; c++) out[c] /= total
    }
    return out
  }

  /**
   * The nearest training rows to each row of `x`, nearest first; without `x` those of each training
   * row, itself left out.
   */
  async kneighbors(x?: MatrixLike, options: NeighborOptions = {}): Promise<KNeighbors> {
    const { rows } = this.fitted('kneighbors')
    const operation = 'KNeighborsClassifier.kneighbors'
    const queries = x === undefined ? undefined : await this.readInput('kneighbors', x)
    return kneighborsOf(operation, rows, this.params, queries, options)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): KNeighborsClassifier {
    return restore(KNeighborsClassifier, json)
  }
}
