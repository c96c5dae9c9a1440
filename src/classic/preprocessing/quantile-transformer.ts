// Features mapped by their ranks onto a uniform or a normal distribution: between stored quantiles it
// interpolates.

import { AthanorError, argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  type GivenParameters,
  integerParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { Random } from '../../base/philox.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { isSparse, type Matrix, takeRows } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import { float64s, integer } from '../../estimator/state.js'
import { normalCdf, normalQuantile } from '../../features/normal-quantile.js'
import { quantileOf } from '../../features/quantile.js'
import { firstAbove, firstAtLeast } from '../../features/search-sorted.js'
import { InvertibleTransformer, mapDense, mapStored } from './columnwise.js'
import { forSortedColumns } from './dense-columns.js'
import { sampleRows } from './sample-rows.js'
import { storedByColumn } from './sparse-columns.js'

const quantileTransformerParameters = {
  nQuantiles: integerParameter({
    default: 1000,
    min: 1,
    max: 100_000,
    doc: 'Quantiles kept of each feature; at most as many as there are rows.',
    search: { scale: 'log', low: 10, high: 1000, whole: true },
  }),
  outputDistribution: choiceParameter(['uniform', 'normal'], {
    default: 'uniform',
    doc: 'Values from 0 to 1, or of a standard normal distribution.',
    search: { choices: ['uniform', 'normal'] },
  }),
  ignoreImplicitZeros: booleanParameter({
    default: false,
    doc: 'Whether the zeros of sparse features that are not stored are left out.',
  }),
  subsample: optionalParameter(
    integerParameter({
      min: 1,
      doc: 'Rows that the quantiles are taken from at most, drawn by randomState; null: all.',
    }),
    10_000,
  ),
  randomState,
}

interface State {
  /** Quantiles kept. */
  readonly count: number
  /** Column by column, ascending. */
  readonly quantiles: Float64Array
}

const definition = defineEstimator({
  name: 'QuantileTransformer',
  parameters: quantileTransformerParameters,
  state: { count: integer(1, 100_000), quantiles: float64s({ anyValue: true }) },
  tags: { allowNaN: true, sparse: true, noSampleWeight: true },
  check({ count, quantiles, nFeaturesIn }, _, json) {
    if (quantiles.length !== count * nFeaturesIn)
      json.fail(`${count * nFeaturesIn} quantiles`, `${quantiles.length}`)
    for (let i = 1; i < quantiles.length; i++)
      if (i % count !== 0 && quantiles[i] < quantiles[i - 1])
        json.fail('ascending quantiles', 'others')
  },
})

/** Shares nearer to 0 or 1 than this count as these. */
const threshold = 1e-7
const lowestNormal = normalQuantile(threshold - Number.EPSILON)
const highestNormal = normalQuantile(1 - (threshold - Number.EPSILON))

/**
 * Maps each feature by its ranks onto a uniform or a normal distribution, so that outliers and skew lose
 * their weight; values beyond those of fit become the ends. Missing values (NaN) stay missing. As
 * scikit-learn's `QuantileTransformer`; which rows the subsample has differs, and a value counts as an end
 * only where it is equal to it, so that features of any scale work.
 *
 * @example
 * ```ts
 * const ranks = await new QuantileTransformer({ nQuantiles: 3 }).fit([[1], [10], [1000]])
 * await ranks.transform([[10], [505]]) // { x: Float64Array [0.5, 0.75], … }
 * ```
 */
export class QuantileTransformer extends InvertibleTransformer<
  typeof quantileTransformerParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof quantileTransformerParameters> = {}) {
    super(definition, params)
    const { nQuantiles, subsample } = this.params
    if (subsample !== undefined && nQuantiles > subsample)
      throw argumentError(
        'QuantileTransformer',
        `nQuantiles of at most subsample (${subsample})`,
        `${nQuantiles}`,
      )
  }

  /** The quantiles of each feature, ascending. */
  get quantiles(): readonly Float64Array[] {
    const { quantiles, count, nFeaturesIn } = this.fitted('quantiles')
    return Array.from({ length: nFeaturesIn }, (_, j) =>
      quantiles.slice(j * count, (j + 1) * count),
    )
  }

  /** The share of rows that lies below each quantile. */
  get references(): Float64Array {
    const { count } = this.fitted('references')
    return Float64Array.from({ length: count }, (_, k) => share(k, count))
  }

  protected async learn({ operation, x, signal }: TransformerTraining<AnyMatrix>): Promise<State> {
    const { nQuantiles, subsample, randomState: seed } = this.params
    const count = Math.max(1, Math.min(nQuantiles, x.rows))
    const quantiles = new Float64Array(count * x.width)
    const learn = (sorted: Float64Array, column: number) => {
      let least = Number.NEGATIVE_INFINITY
      for (let k = 0; k < count; k++) {
        // Rounding must not make a quantile less than the one before.
        least =
          sorted.length === 0 ? Number.NaN : Math.max(least, quantileOf(sorted, share(k, count)))
        quantiles[column * count + k] = least
      }
    }
    if (isSparse(x)) this.learnSparse(operation, x, learn)
    else {
      const rowIds = sampleRows(x.rows, subsample, seed)
      const sample = rowIds === undefined ? x : takeRows(x, rowIds)
      await forSortedColumns(operation, sample, learn, signal)
    }
    return { count, quantiles }
  }

  private learnSparse(
    operation: string,
    x: SparseMatrix,
    learn: (sorted: Float64Array, column: number) => void,
  ): void {
    const { subsample = Number.POSITIVE_INFINITY, ignoreImplicitZeros } = this.params
    this.refuseNegative(operation, x)
    const random = new Random(this.params.randomState)
    const { starts, values } = storedByColumn(x)
    for (let j = 0; j < x.width; j++) {
      let stored = values.slice(starts[j], starts[j + 1])
      let zeros = ignoreImplicitZeros ? 0 : x.rows - stored.length
      if (stored.length > subsample) {
        const keep = ignoreImplicitZeros
          ? subsample
          : Math.floor((subsample * stored.length) / x.rows)
        zeros = ignoreImplicitZeros ? 0 : subsample - keep
        stored = random.shuffle(stored).slice(0, keep)
      }
      const column = new Float64Array(Math.max(1, stored.length + zeros))
      column.set(stored)
      learn(column.filter(value => !Number.isNaN(value)).sort(), j)
    }
  }

  private refuseNegative(operation: string, x: SparseMatrix): void {
    if (this.params.ignoreImplicitZeros || !x.values.some(value => value < 0)) return
    throw new AthanorError('DATA', {
      operation,
      expected: 'sparse features of 0 or more, or ignoreImplicitZeros',
      received: 'some below 0',
      fix: 'Pass x.toDense()',
    })
  }

  protected apply(x: AnyMatrix, state: Frame & State): Promise<AnyMatrix> | AnyMatrix {
    if (isSparse(x)) this.refuseNegative('QuantileTransformer.transform', x)
    const isNormal = this.params.outputDistribution === 'normal'
    return mapByColumn('QuantileTransformer.transform', x, state, (value, quantiles) => {
      const p = rankShare(value, quantiles)
      return isNormal ? normalOf(p) : p
    })
  }

  protected invert(x: AnyMatrix, state: Frame & State): Promise<AnyMatrix> | AnyMatrix {
    const isNormal = this.params.outputDistribution === 'normal'
    return mapByColumn('QuantileTransformer.inverseTransform', x, state, (value, quantiles) => {
      if (Number.isNaN(value)) return value
      const p = isNormal ? normalCdf(value) : value
      const near = isNormal ? threshold : 0
      if (p - near <= 0) return quantiles[0]
      if (p + near >= 1) return quantiles[quantiles.length - 1]
      return quantileOf(quantiles, p)
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): QuantileTransformer {
    return restore(QuantileTransformer, json)
  }
}

function share(k: number, count: number): number {
  return count === 1 ? 0 : k / (count - 1)
}

function mapByColumn(
  operation: string,
  x: AnyMatrix,
  { quantiles, count }: State,
  change: (value: number, quantiles: Float64Array) => number,
): Promise<Matrix> | SparseMatrix {
  const columns = Array.from({ length: x.width }, (_, j) =>
    quantiles.subarray(j * count, (j + 1) * count),
  )
  if (isSparse(x)) return mapStored(x, (value, j) => change(value, columns[j]))
  const { width } = x
  return mapDense(operation, x, (values, out, from, to) => {
    for (let row = from; row < to; row++)
      for (let j = 0; j < width; j++)
        out[row * width + j] = change(values[row * width + j], columns[j])
  })
}

/** The share of rows below a value: the middle of the shares read from below and from above. */
function rankShare(value: number, quantiles: Float64Array): number {
  if (Number.isNaN(value) || Number.isNaN(quantiles[0])) return Number.NaN
  const count = quantiles.length
  if (value === quantiles[0]) return 0
  if (value === quantiles[count - 1]) return 1
  const above = firstAbove(quantiles, value)
  if (above === 0) return 0
  if (above === count) return 1
  const atLeast = firstAtLeast(quantiles, value)
  const upper = between(value, quantiles, above - 1)
  return atLeast === above ? upper : (upper + between(value, quantiles, atLeast - 1)) / 2
}

/** Interpolated between the quantiles at `at` and `at + 1`. */
function between(value: number, quantiles: Float64Array, at: number): number {
  const low = quantiles[at]
  const high = quantiles[at + 1]
  const part = (value / 2 - low / 2) / (high / 2 - low / 2)
  return (at + part) / (quantiles.length - 1)
}

function normalOf(p: number): number {
  if (Number.isNaN(p)) return p
  if (p <= threshold) return Math.max(lowestNormal, p <= 0 ? lowestNormal : normalQuantile(p))
  return p >= 1 ? highestNormal : Math.min(highestNormal, normalQuantile(p))
}
