// Every feature by its median and a range between quantiles.

import { argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  type GivenParameters,
  listParameter,
  numberParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { Tags } from '../../estimator/contract.js'
import {
  type Features,
  type FeaturesLike,
  isSparse,
  type MatrixNeeds,
} from '../../estimator/matrix.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import { float64s, optional } from '../../estimator/state.js'
import { normalQuantile } from '../../features/normal-quantile.js'
import {
  InvertibleTransformer,
  refuseCentring,
  scaleColumns,
  unscaleColumns,
} from './columnwise.js'
import { columnReader } from './dense-columns.js'
import { storedByColumn } from './sparse-columns.js'
import { quantilesOf } from './unsorted-quantiles.js'

const robustScalerParameters = {
  withCentering: booleanParameter({
    default: true,
    doc: 'Whether to subtract the median; must be false for sparse features.',
  }),
  withScaling: booleanParameter({
    default: true,
    doc: 'Whether to divide by the range between the quantiles.',
  }),
  quantileRange: listParameter(numberParameter({ min: 0, max: 100, doc: 'A percentage.' }), {
    default: [25, 75],
    min: 2,
    max: 2,
    doc: 'Between which percentiles the range is taken.',
  }),
  unitVariance: booleanParameter({
    default: false,
    doc: 'Whether normal values shall have variance 1 afterwards; the range must then lie inside 0 and 100.',
  }),
}

interface State {
  readonly center: Float64Array | undefined
  readonly scale: Float64Array | undefined
}

const definition = defineEstimator({
  name: 'RobustScaler',
  parameters: robustScalerParameters,
  state: {
    center: optional(float64s({ anyValue: true })),
    scale: optional(float64s({ anyValue: true })),
  },
  tags: { allowNaN: true, noSampleWeight: true },
  check({ center, scale, nFeaturesIn }, { withCentering, withScaling }, json) {
    if (
      (center?.length ?? nFeaturesIn) !== nFeaturesIn ||
      (scale?.length ?? nFeaturesIn) !== nFeaturesIn
    )
      json.fail(`${nFeaturesIn} values a field`, 'others')
    if (withCentering !== (center !== undefined) || withScaling !== (scale !== undefined))
      json.fail('what the parameters ask for', 'something else')
    if (scale?.some(value => value <= 0 || value === Number.POSITIVE_INFINITY) === true)
      json.fail('scales above 0', 'others')
  },
})

/**
 * Scales features by statistics that outliers don't move: less the median, divided by the range between
 * two quantiles. Missing values (NaN) stay missing. As scikit-learn's `RobustScaler`; only a range of
 * exactly 0 counts as constant.
 *
 * @example
 * ```ts
 * const scaler = await new RobustScaler().fit([[1], [2], [3], [4], [1000]])
 * await scaler.transform([[3], [5]]) // { x: Float64Array [0, 1], … }
 * ```
 */
export class RobustScaler extends InvertibleTransformer<typeof robustScalerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof robustScalerParameters> = {}) {
    super(definition, params)
    const { quantileRange, unitVariance } = this.params
    const [low, high] = quantileRange
    if (!(low <= high) || (unitVariance && !(low > 0 && low < high && high < 100)))
      throw argumentError(
        'RobustScaler',
        unitVariance ? 'a quantileRange inside 0 and 100' : 'quantileRange in ascending order',
        `[${low}, ${high}]`,
      )
  }

  override get tags(): Tags {
    return { ...definition.tags, sparse: !this.params.withCentering }
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    refuseCentring(operation, x, this.params.withCentering, 'withCentering')
    return super.readFeatures(operation, x, needs)
  }

  /** The median of each feature; undefined with `withCentering: false`. */
  get center(): Float64Array | undefined {
    return this.fitted('center').center
  }

  /** What each feature is divided by; undefined with `withScaling: false`. */
  get scale(): Float64Array | undefined {
    return this.fitted('scale').scale
  }

  protected async learn({ operation, x, signal }: TransformerTraining<AnyMatrix>): Promise<State> {
    const { withCentering, withScaling } = this.params
    const center = withCentering ? new Float64Array(x.width) : undefined
    const scale = withScaling ? new Float64Array(x.width) : undefined
    const [low, high] = this.params.quantileRange.map(percent => percent / 100)
    const learn = (values: Float64Array, column: number) => {
      const [first, middle, last] = values.length === 0 ? [] : spreadOf(values, low, high)
      if (center !== undefined) center[column] = middle ?? Number.NaN
      if (scale !== undefined) scale[column] = this.rangeOf(first ?? Number.NaN, last ?? Number.NaN)
    }
    const column = isSparse(x) ? sparseColumns(x) : columnReader(x)
    const known = (j: number) => column(j).filter(value => !Number.isNaN(value))
    await forEachOf(operation, x.width, j => learn(known(j), j), signal)
    return { center, scale }
  }

  private rangeOf(first: number, last: number): number {
    const { quantileRange, unitVariance } = this.params
    const [low, high] = quantileRange.map(percent => percent / 100)
    const range = Math.min(Number.MAX_VALUE, last - first)
    const spread = range === 0 ? 1 : range
    return unitVariance ? spread / (normalQuantile(high) - normalQuantile(low)) : spread
  }

  protected apply(x: AnyMatrix, { center, scale }: Frame & State): Promise<AnyMatrix> {
    return scaleColumns('RobustScaler.transform', x, center, scale)
  }

  protected invert(x: AnyMatrix, { center, scale }: Frame & State): Promise<AnyMatrix> {
    return unscaleColumns('RobustScaler.inverseTransform', x, center, scale)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RobustScaler {
    return restore(RobustScaler, json)
  }
}

/** The quantiles at `low`, in the middle and at `high`. */
function spreadOf(values: Float64Array, low: number, high: number): [number, number, number] {
  const shares = [low, 0.5, high].sort((a, b) => a - b)
  const found = quantilesOf(values, shares)
  const at = (share: number) => found[shares.indexOf(share)]
  return [at(low), at(0.5), at(high)]
}

/** Columns with their zeros, in no order of rows. */
function sparseColumns(x: SparseMatrix): (column: number) => Float64Array {
  const { starts, values } = storedByColumn(x)
  return j => {
    const column = new Float64Array(x.rows)
    column.set(values.subarray(starts[j], starts[j + 1]))
    return column
  }
}
