// Clusters of any form as regions where rows lie densely (Ester, Kriegel, Sander & Xu, "A density-based
// algorithm for discovering clusters", KDD 1996). The work is done in kernels/learn/dbscan.cpp.

import {
  choiceParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
} from '../../base/parameters.js'
import { BaseClusterer } from '../../estimator/base-clusterer.js'
import { defineEstimator, restore, type Training } from '../../estimator/base-estimator.js'
import { int32s } from '../../estimator/state.js'
import { runJob } from '../../execute/jobs.js'
import { orNone } from '../linear/job-arrays.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'

const metrics = ['euclidean', 'manhattan', 'chebyshev', 'minkowski'] as const

/** The parameters of `DBSCAN`. */
const dbscanParameters = {
  eps: numberParameter({
    default: 0.5,
    above: 0,
    doc: 'How far two rows may lie from each other and still be neighbours.',
    search: { scale: 'log', low: 0.05, high: 5 },
  }),
  minSamples: integerParameter({
    default: 5,
    min: 1,
    doc: 'Neighbours (weights, itself included) that make a row a core of a cluster.',
    search: { scale: 'linear', low: 2, high: 20, whole: true },
  }),
  metric: choiceParameter(metrics, { default: 'euclidean', doc: 'How distances are measured.' }),
  p: numberParameter({ default: 2, min: 1, doc: 'Exponent of the minkowski metric.' }),
}

interface State {
  readonly labels: Int32Array
  readonly coreSampleIndices: Int32Array
}

const definition = defineEstimator({
  name: 'DBSCAN',
  parameters: dbscanParameters,
  state: { labels: int32s({ low: -1 }), coreSampleIndices: int32s({ low: 0 }) },
  check({ labels, coreSampleIndices }, _, json) {
    if (coreSampleIndices.some(row => row >= labels.length))
      json.fail(`rows below ${labels.length}`, 'others')
  },
})

/**
 * Clusters of any form, found by how densely rows lie; rows that lie alone belong to none (-1). As
 * scikit-learn's `DBSCAN`, the clusters' numbers included.
 *
 * @example
 * ```ts
 * const rows = [[0], [0.1], [0.2], [5], [5.1], [5.2], [20]]
 * const model = await new DBSCAN({ eps: 0.15, minSamples: 2 }).fit(rows)
 * model.labels // Int32Array [0, 0, 0, 1, 1, 1, -1]
 * ```
 */
export class DBSCAN extends BaseClusterer<typeof dbscanParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof dbscanParameters> = {}) {
    super(definition, params)
  }

  /** Rows that have `minSamples` neighbours or more, ascending. */
  get coreSampleIndices(): Int32Array {
    return this.fitted('coreSampleIndices').coreSampleIndices
  }

  protected async learn(training: Training): Promise<State> {
    const { operation, x, sampleWeight, signal, onProgress } = training
    const { eps, minSamples, metric, p } = this.params
    const { numbers, arrays } = rowArguments(x)
    const [labels, cores] = await runJob(operation, {
      kind: 'dbscan',
      numbers: [...numbers, eps, minSamples, metrics.indexOf(metric), p],
      arrays: [...arrays, orNone(sampleWeight)],
      signal,
      onProgress,
    })
    return { labels: new Int32Array(labels), coreSampleIndices: new Int32Array(cores) }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): DBSCAN {
    return restore(DBSCAN, json)
  }
}
