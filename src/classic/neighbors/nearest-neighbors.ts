// Looking rows up by their distance: the nearest, and those within a radius.

import { OptionTable } from '../../base/options.js'
import { type GivenParameters, numberParameter } from '../../base/parameters.js'
import { numberIn, trueOrFalse } from '../../base/value-kinds.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseTransformer, type TransformerTraining } from '../../estimator/base-transformer.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { matrixCodec } from '../linear-algebra/matrix-codec.js'
import { type KNeighbors, kneighborsOf, type NeighborOptions } from './kneighbors.js'
import {
  algorithmFor,
  checkNeighborParams,
  indexOf,
  keptRows,
  nearestOf,
  type RadiusNeighbors,
  within,
} from './neighbor-index.js'
import { neighborParameters } from './neighbor-parameters.js'

const nearestNeighborsParameters = {
  ...neighborParameters,
  radius: numberParameter({ default: 1, min: 0, doc: 'How far radiusNeighbors looks.' }),
}

/** Options of `radiusNeighbors`. */
export interface RadiusOptions {
  /** By default that of the estimator. */
  readonly radius?: number
  /** Whether distances are wanted too; true by default. */
  readonly returnDistance?: boolean
  /** Nearest first, instead of in the order of the training rows. */
  readonly sortResults?: boolean
}

const radiusOptions = new OptionTable<RadiusOptions>({
  radius: numberIn({ min: 0 }),
  returnDistance: trueOrFalse,
  sortResults: trueOrFalse,
})

interface State {
  readonly rows: AnyMatrix
}

const definition = defineEstimator({
  name: 'NearestNeighbors',
  parameters: nearestNeighborsParameters,
  state: { rows: matrixCodec },
  tags: { noSampleWeight: true, sparse: true },
  check({ rows, nFeaturesIn }, _, json) {
    if (rows.width !== nFeaturesIn) json.fail(`${nFeaturesIn} features`, `${rows.width}`)
  },
})

/**
 * Finds the nearest of the rows it was fitted on. As scikit-learn's `NearestNeighbors`; as a transformer
 * it gives the distances to the `nNeighbors` nearest.
 *
 * @example
 * ```ts
 * const index = await new NearestNeighbors({ nNeighbors: 2 }).fit([[0], [1], [5]])
 * await index.kneighbors([[4]]) // { indices: [2, 1], distances: [1, 3], nNeighbors: 2 }
 * ```
 */
export class NearestNeighbors extends BaseTransformer<
  typeof nearestNeighborsParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  /** Errors: ARGUMENT for parameters that it doesn't take, and for a tree with metric cosine. */
  constructor(params: GivenParameters<typeof nearestNeighborsParameters> = {}) {
    super(definition, params)
    checkNeighborParams('NearestNeighbors', this.params)
  }

  /** How rows are looked up: what `algorithm: 'auto'` came to. */
  get fitMethod(): 'kdTree' | 'brute' {
    return algorithmFor(this.params, this.fitted('fitMethod').rows)
  }

  protected async learn({
    operation,
    x,
    signal,
    onProgress,
  }: TransformerTraining<AnyMatrix>): Promise<State> {
    const rows = keptRows(x)
    await indexOf(operation, rows, this.params, { signal, onProgress })
    return { rows }
  }

  protected async apply(x: AnyMatrix, { rows }: State): Promise<Matrix> {
    const { nNeighbors } = this.params
    const operation = 'NearestNeighbors.transform'
    const { distances } = await nearestOf(operation, rows, this.params, x, nNeighbors)
    return { x: distances, rows: x.rows, width: nNeighbors }
  }

  protected namesOf(): readonly string[] {
    return Array.from({ length: this.params.nNeighbors }, (_, i) => `neighbor${i}`)
  }

  /**
   * The nearest training rows to each row of `x`, nearest first, of equally near ones the first; without
   * `x` those of each training row, itself left out.
   *
   * @throws AthanorError DATA where there are fewer rows than neighbours.
   */
  async kneighbors(x?: MatrixLike, options: NeighborOptions = {}): Promise<KNeighbors> {
    const { rows } = this.fitted('kneighbors')
    const operation = 'NearestNeighbors.kneighbors'
    const queries = x === undefined ? undefined : await this.readInput('kneighbors', x)
    return kneighborsOf(operation, rows, this.params, queries, options)
  }

  /**
   * For each row of `x` the training rows within a radius (its edge included), in their order; without
   * `x` those of each training row, itself left out.
   */
  async radiusNeighbors(x?: MatrixLike, options: RadiusOptions = {}): Promise<RadiusNeighbors> {
    const operation = 'NearestNeighbors.radiusNeighbors'
    radiusOptions.check(operation, options)
    const { radius = this.params.radius, returnDistance = true, sortResults = false } = options
    const { rows } = this.fitted('radiusNeighbors')
    const queries = x === undefined ? rows : await this.readInput('radiusNeighbors', x)
    const found = await within(operation, rows, this.params, queries, radius)
    const orders = found.indices.map((points, q) => {
      const places = Array.from(points.keys()).filter(i => x !== undefined || points[i] !== q)
      return sortResults
        ? places.sort((a, b) => found.distances[q][a] - found.distances[q][b] || a - b)
        : places
    })
    return {
      indices: orders.map((order, q) => Int32Array.from(order, i => found.indices[q][i])),
      distances: returnDistance
        ? orders.map((order, q) => Float64Array.from(order, i => found.distances[q][i]))
        : [],
    }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): NearestNeighbors {
    return restore(NearestNeighbors, json)
  }
}
