// k-means: centres that leave the least sum of squared distances (Lloyd 1982), begun by k-means++
// (Arthur & Vassilvitskii, SODA 2007). The work is done in kernels/learn/k-means.cpp.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import {
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
  listParameter,
  numberParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { BaseClusterer } from '../../estimator/base-clusterer.js'
import {
  defineEstimator,
  type Frame,
  restore,
  type Training,
} from '../../estimator/base-estimator.js'
import type { FitOptions, ScoreOptions } from '../../estimator/contract.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { finiteNumber, float64s, int32s, integer } from '../../estimator/state.js'
import { checkedWeights } from '../../estimator/targets.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from '../linear-algebra/row-arguments.js'

/** The parameters of `KMeans`. */
const kMeansParameters = {
  nClusters: integerParameter({
    default: 8,
    min: 1,
    doc: 'How many clusters to form.',
    search: { scale: 'linear', low: 2, high: 12, whole: true },
  }),
  init: eitherParameter(
    choiceParameter(['k-means++', 'random'], { doc: '' }),
    listParameter(listParameter(numberParameter({ doc: '' }), { doc: '', min: 1 }), {
      doc: '',
      min: 1,
    }),
    {
      default: 'k-means++',
      doc: 'Where it begins: rows far from each other (k-means++), any rows (random), or the centres given, one a row.',
    },
  ),
  nInit: eitherParameter(
    choiceParameter(['auto'], { doc: '' }),
    integerParameter({ doc: '', min: 1 }),
    {
      default: 'auto',
      doc: 'Starts, of which the best is kept; auto: 10 from random rows, else 1.',
    },
  ),
  maxIter: integerParameter({ default: 300, min: 1, doc: 'Iterations of one start at most.' }),
  tol: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'It ends when the centres’ squared shift is at most this share of the features’ mean variance.',
  }),
  randomState,
}

interface State {
  readonly clusterCenters: Float64Array
  readonly labels: Int32Array
  readonly inertia: number
  readonly nIter: number
  readonly distinctClusters: number
}

const definition = defineEstimator({
  name: 'KMeans',
  parameters: kMeansParameters,
  state: {
    clusterCenters: float64s(),
    labels: int32s({ low: 0 }),
    inertia: finiteNumber(0),
    nIter: integer(1),
    distinctClusters: integer(1),
  },
  tags: { sparse: true },
  check({ clusterCenters, labels, nFeaturesIn }, { nClusters }, json) {
    if (clusterCenters.length !== nClusters * nFeaturesIn)
      json.fail(`${nClusters} centres of ${nFeaturesIn}`, `${clusterCenters.length} numbers`)
    if (labels.some(label => label >= nClusters)) json.fail(`labels below ${nClusters}`, 'others')
  },
})

/**
 * Clusters of equal spread around centres. As scikit-learn's `KMeans`; its random numbers are others, so
 * that it starts elsewhere unless `init` gives the centres.
 *
 * @example
 * ```ts
 * const model = await new KMeans({ nClusters: 2 }).fit([[1, 2], [1, 4], [10, 2], [10, 4]])
 * console.log(model.labels[0] === model.labels[1]) // true
 * ```
 */
export class KMeans extends BaseClusterer<typeof kMeansParameters, State, AnyMatrix> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof kMeansParameters> = {}) {
    super(definition, params)
  }

  /** The centres, row-major `nClusters × features`. */
  get clusterCenters(): Float64Array {
    return this.fitted('clusterCenters').clusterCenters
  }

  /** Sum of squared distances of the training rows to their centres, times their weights. */
  get inertia(): number {
    return this.fitted('inertia').inertia
  }

  /** Iterations of the start that was kept. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** Clusters that have rows: fewer than `nClusters` where there are fewer distinct rows. */
  get distinctClusters(): number {
    return this.fitted('distinctClusters').distinctClusters
  }

  protected async learn(training: Training<AnyMatrix>): Promise<State> {
    const { operation, x, rows, width, sampleWeight, signal, onProgress } = training
    const { nClusters, maxIter, tol, randomState: seed } = this.params
    if (rows < nClusters)
      throw new AthanorError('DATA', {
        operation,
        expected: `at least as many rows as clusters (nClusters is ${nClusters})`,
        received: String(rows),
      })
    const { init, starts, centers } = this.beginning(operation, width)
    const { numbers, arrays } = rowArguments(x)
    const [clusterCenters, labels, found] = await runJob(operation, {
      kind: 'kMeans',
      numbers: [...numbers, nClusters, maxIter, tol, seed, init, starts],
      arrays: [...arrays, sampleWeight ?? new Float64Array(0), centers],
      signal,
      onProgress,
    })
    const [inertia, nIter, distinctClusters] = new Float64Array(found)
    return {
      clusterCenters: new Float64Array(clusterCenters),
      labels: new Int32Array(labels),
      inertia: Math.min(inertia, Number.MAX_VALUE),
      nIter,
      distinctClusters,
    }
  }

  private beginning(operation: string, width: number) {
    const { init, nInit, nClusters } = this.params
    if (typeof init === 'string') {
      const starts = nInit === 'auto' ? (init === 'random' ? 10 : 1) : (nInit as number)
      return { init: init === 'random' ? 2 : 1, starts, centers: new Float64Array(0) }
    }
    if (init.length !== nClusters || init.some(center => center.length !== width))
      throw shapeError(
        operation,
        `init of ${nClusters} centres of ${width} features`,
        `${init.length} of ${[...new Set(init.map(center => center.length))].join(' and ')}`,
      )
    if (typeof nInit === 'number' && nInit !== 1)
      throw argumentError(operation, 'nInit of 1, since init gives the centres', String(nInit))
    return { init: 0, starts: 1, centers: Float64Array.from(init.flat()) }
  }

  /** The nearest centre of each row. */
  async predict(x: MatrixLike): Promise<Int32Array> {
    const state = this.fitted('predict')
    return this.nearest('predict', await this.readInput('predict', x), state)
  }

  private async nearest(method: string, x: AnyMatrix, { clusterCenters }: State) {
    const { numbers, arrays } = rowArguments(x)
    const [labels] = await runJob(`KMeans.${method}`, {
      kind: 'nearestCenters',
      numbers: [...numbers, this.params.nClusters],
      arrays: [...arrays, clusterCenters],
    })
    return new Int32Array(labels)
  }

  /** Distance of each row to each centre, `rows × nClusters`. */
  async transform(x: MatrixLike): Promise<Matrix> {
    const state = this.fitted('transform')
    const matrix = await this.readInput('transform', x)
    const width = this.params.nClusters
    const names = state.featureNamesIn === undefined ? {} : { names: this.featureNamesOut }
    return {
      x: await this.distances('transform', matrix, state),
      rows: matrix.rows,
      width,
      ...names,
    }
  }

  private async distances(method: string, x: AnyMatrix, { clusterCenters }: State) {
    const { numbers, arrays } = rowArguments(x)
    const [distances] = await runJob(`KMeans.${method}`, {
      kind: 'centerDistances',
      numbers: [...numbers, this.params.nClusters],
      arrays: [...arrays, clusterCenters],
    })
    return new Float64Array(distances)
  }

  /** `fit` and `transform` of the same rows. */
  async fitTransform(x: MatrixLike, y?: undefined, options: FitOptions = {}): Promise<Matrix> {
    return (await this.fit(x, y, options)).transform(x)
  }

  /** Names of what `transform` gives: kmeans0, kmeans1, … */
  get featureNamesOut(): readonly string[] {
    this.fitted('featureNamesOut')
    return Array.from({ length: this.params.nClusters }, (_, i) => `kmeans${i}`)
  }

  /** The rows' sum of squared distances to their nearest centres, below 0: higher is better. */
  async score(x: MatrixLike, _y?: undefined, options: ScoreOptions = {}): Promise<number> {
    const state: Frame & State = this.fitted('score')
    const matrix = await this.readInput('score', x)
    const weights = checkedWeights('KMeans.score', options.sampleWeight, matrix.rows)
    const distances = await this.distances('score', matrix, state)
    const width = this.params.nClusters
    let sum = 0
    for (let row = 0; row < matrix.rows; row++) {
      let least = Infinity
      for (let k = 0; k < width; k++) least = Math.min(least, distances[row * width + k])
      sum += (weights?.[row] ?? 1) * least * least
    }
    return -sum
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): KMeans {
    return restore(KMeans, json)
  }
}
