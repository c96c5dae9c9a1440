// Numbers into bins: of equal width, of equally many rows, or around centres found by k-means.

import { argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
  listParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import {
  BaseTransformer,
  type TransformerTraining,
  withNames,
} from '../../estimator/base-transformer.js'
import {
  isSparse,
  type Matrix,
  type MatrixLike,
  matrixOf,
  takeRows,
} from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { float64s, list } from '../../estimator/state.js'
import { quantileBy, quantileMethods, weightedQuantile } from '../../features/quantile.js'
import { firstAbove } from '../../features/search-sorted.js'
import { mapDense } from './columnwise.js'
import { columnReader } from './dense-columns.js'
import { centersOf } from './one-dimensional-k-means.js'
import { sampleRows } from './sample-rows.js'

const binCount = integerParameter({ min: 2, max: 65_536, doc: 'Bins of a feature.' })

const kBinsDiscretizerParameters = {
  nBins: eitherParameter(binCount, listParameter(binCount, { min: 1, doc: 'One a feature.' }), {
    default: 5,
    doc: 'Bins of every feature, or of each.',
    search: { scale: 'linear', low: 2, high: 20, whole: true },
  }),
  encode: choiceParameter(['onehot', 'onehot-dense', 'ordinal'], {
    default: 'onehot',
    doc: 'One feature a bin (sparse, or dense), or the number of the bin.',
  }),
  strategy: choiceParameter(['uniform', 'quantile', 'kmeans'], {
    default: 'quantile',
    doc: 'Bins of equal width, of equally many rows, or around the centres of 1-d k-means.',
    search: { choices: ['uniform', 'quantile', 'kmeans'] },
  }),
  quantileMethod: choiceParameter(quantileMethods, {
    default: 'averagedInvertedCdf',
    doc: 'How the strategy quantile reads quantiles between two values.',
  }),
  subsample: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Rows learned from at most, drawn by randomState; null: all.',
    }),
    200_000,
  ),
  randomState,
}

interface State {
  /** Edges of each feature's bins, ascending; -∞ and ∞ for a constant feature. */
  readonly edges: readonly Float64Array[]
}

const definition = defineEstimator({
  name: 'KBinsDiscretizer',
  parameters: kBinsDiscretizerParameters,
  state: { edges: list(float64s({ anyValue: true }), 1) },
  check({ edges, nFeaturesIn }, _, json) {
    if (edges.length !== nFeaturesIn)
      json.fail(`edges of ${nFeaturesIn} features`, `${edges.length}`)
    for (const list of edges)
      if (list.length < 2 || list.some((edge, k) => k > 0 && !(edge > list[k - 1])))
        json.fail('two or more ascending edges', 'others')
  },
})

/** Narrower bins, in shares of the feature's range, are joined with the next. */
const narrowest = 1e-12

/**
 * Cuts each feature into bins. A constant feature is one bin. As scikit-learn's `KBinsDiscretizer`, with
 * weights; bins are joined where they are narrower than 1e-12 of the feature's range (scikit-learn: than
 * 1e-8), and `subsample` draws without repeats and keeps the weights.
 *
 * @example
 * ```ts
 * const bins = new KBinsDiscretizer({ nBins: 3, encode: 'ordinal', strategy: 'uniform' })
 * await bins.fitTransform([[0], [1], [5], [6]]) // { x: Float64Array [0, 0, 2, 2], … }
 * ```
 */
export class KBinsDiscretizer extends BaseTransformer<typeof kBinsDiscretizerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof kBinsDiscretizerParameters> = {}) {
    super(definition, params)
  }

  /** Edges of the bins of each feature. */
  get binEdges(): readonly Float64Array[] {
    return this.fitted('binEdges').edges
  }

  /** How many bins each feature has. */
  get nBins(): Int32Array {
    return Int32Array.from(this.fitted('nBins').edges, edges => edges.length - 1)
  }

  protected namesOf(inputs: readonly string[], { edges }: State): readonly string[] {
    if (this.params.encode === 'ordinal') return inputs
    return edges.flatMap((list, j) =>
      Array.from({ length: list.length - 1 }, (_, bin) => `${inputs[j]}_${bin}`),
    )
  }

  protected async learn(training: TransformerTraining): Promise<State> {
    const { operation, x, width, sampleWeight, signal } = training
    const { nBins, subsample, randomState: seed, quantileMethod, strategy } = this.params
    if (typeof nBins !== 'number' && nBins.length !== width)
      throw argumentError(operation, `nBins for ${width} features`, `${nBins.length}`)
    if (
      strategy === 'quantile' &&
      sampleWeight !== undefined &&
      !quantileMethod.endsWith('vertedCdf')
    )
      throw argumentError(
        operation,
        "quantileMethod 'averagedInvertedCdf' or 'invertedCdf' with weights",
        `'${quantileMethod}'`,
      )
    const rowIds = sampleRows(x.rows, subsample, seed)
    const sample = rowIds === undefined ? x : takeRows(x, rowIds)
    const weights = rowIds === undefined ? sampleWeight : takeWeights(sampleWeight, rowIds)
    const edges: Float64Array[] = []
    const column = columnReader(sample)
    await forEachOf(
      operation,
      width,
      j => {
        const bins = typeof nBins === 'number' ? nBins : nBins[j]
        edges.push(this.edgesOf(sortedBy(column(j), weights), bins))
      },
      signal,
    )
    return { edges }
  }

  private edgesOf({ sorted, weights }: Sorted, bins: number): Float64Array {
    const low = sorted[0]
    const high = sorted[sorted.length - 1]
    if (low === high) return Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    const { strategy } = this.params
    if (strategy === 'uniform') return evenly(low, high, bins)
    const found = strategy === 'quantile' ? this.quantiles(sorted, weights, bins) : undefined
    if (found !== undefined) return wideEnough(found, high - low)
    const uniform = evenly(low, high, bins)
    const starts = uniform.subarray(1).map((edge, k) => (edge + uniform[k]) / 2)
    const centers = centersOf(sorted, weights, starts)
    const middles = centers.subarray(1).map((center, k) => center / 2 + centers[k] / 2)
    return wideEnough(Float64Array.of(low, ...middles, high), high - low)
  }

  private quantiles(sorted: Float64Array, weights: Float64Array | undefined, bins: number) {
    const { quantileMethod } = this.params
    // In percent and back, for the same rounding as NumPy's.
    const levels = Float64Array.from({ length: bins + 1 }, (_, k) =>
      k === bins ? 1 : (k * (100 / bins)) / 100,
    )
    if (weights === undefined) return levels.map(p => quantileBy(sorted, p, quantileMethod))
    let total = 0
    const cumulated = weights.map(weight => {
      total += weight
      return total
    })
    const averaged = quantileMethod === 'averagedInvertedCdf'
    return levels.map(p => weightedQuantile(sorted, cumulated, p, averaged))
  }

  protected async apply(x: Matrix, { edges }: Frame & State): Promise<Matrix | SparseMatrix> {
    const { width, rows } = x
    const inner = edges.map(list => list.subarray(1, list.length - 1))
    const { encode } = this.params
    const binned = await mapDense('KBinsDiscretizer.transform', x, (values, out, from, to) => {
      for (let row = from; row < to; row++)
        for (let j = 0; j < width; j++)
          out[row * width + j] = firstAbove(inner[j], values[row * width + j])
    })
    if (encode === 'ordinal') return binned
    let total = 0
    const starts = edges.map(list => {
      total += list.length - 1
      return total - list.length + 1
    })
    const indices = Int32Array.from(binned.x, (bin, i) => starts[i % width] + bin)
    const indptr = Int32Array.from({ length: rows + 1 }, (_, row) => row * width)
    const values = new Float64Array(indices.length).fill(1)
    const sparse = new SparseMatrix({ rows, width: total, indptr, indices, values })
    return encode === 'onehot' ? sparse : sparse.toDense()
  }

  /** The middle of each row's bins. Errors: SHAPE, STATE, DATA. */
  async inverseTransform(x: MatrixLike): Promise<Matrix> {
    const { edges, nFeaturesIn, featureNamesIn } = this.fitted('inverseTransform')
    const operation = 'KBinsDiscretizer.inverseTransform'
    const { encode } = this.params
    const widths = edges.map(list => (encode === 'ordinal' ? 1 : list.length - 1))
    const given = await matrixOf(operation, x, {
      width: widths.reduce((a, b) => a + b),
      sparse: encode === 'onehot',
    })
    const { x: values, width } = isSparse(given) ? given.toDense() : given
    const out = new Float64Array(given.rows * nFeaturesIn)
    for (let row = 0; row < given.rows; row++)
      for (let j = 0, at = row * width; j < nFeaturesIn; at += widths[j++]) {
        const bin = encode === 'ordinal' ? values[at] : largestAt(values, at, widths[j])
        const low = edges[j][bin]
        const high = edges[j][bin + 1]
        if (high === undefined || low === undefined)
          throw argumentError(operation, `a bin of feature ${j}`, `${bin} in row ${row}`)
        out[row * nFeaturesIn + j] = (low + high) / 2
      }
    const back = { x: out, rows: given.rows, width: nFeaturesIn }
    return featureNamesIn === undefined ? back : (withNames(back, featureNamesIn) as Matrix)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): KBinsDiscretizer {
    return restore(KBinsDiscretizer, json)
  }
}

interface Sorted {
  readonly sorted: Float64Array
  /** In the same order, all above 0. */
  readonly weights: Float64Array | undefined
}

function sortedBy(values: Float64Array, weights: Float64Array | undefined): Sorted {
  if (weights === undefined) return { sorted: values.sort(), weights }
  const order = Array.from(values.keys())
    .filter(row => weights[row] > 0)
    .sort((a, b) => values[a] - values[b] || a - b)
  return {
    sorted: Float64Array.from(order, row => values[row]),
    weights: Float64Array.from(order, row => weights[row]),
  }
}

function takeWeights(weights: Float64Array | undefined, rowIds: Int32Array) {
  return weights === undefined ? undefined : Float64Array.from(rowIds, row => weights[row])
}

function evenly(low: number, high: number, bins: number): Float64Array {
  const range = high - low
  const step = Number.isFinite(range) ? range / bins : high / bins - low / bins
  return Float64Array.from({ length: bins + 1 }, (_, k) => (k === bins ? high : low + k * step))
}

function wideEnough(edges: Float64Array, range: number): Float64Array {
  return edges.filter((edge, k) => k === 0 || edge - edges[k - 1] > narrowest * range)
}

function largestAt(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0
  for (let k = 1; k < count; k++) if (values[from + k] > values[from + best]) best = k
  return best
}
