// Every feature to a given range.

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
import type { Matrix } from '../../estimator/matrix.js'
import { float64s } from '../../estimator/state.js'
import { InvertibleTransformer, mapDense } from './columnwise.js'
import { denseExtremes } from './dense-columns.js'

const minMaxScalerParameters = {
  featureRange: listParameter(numberParameter({ doc: 'A bound.' }), {
    default: [0, 1],
    min: 2,
    max: 2,
    doc: 'What the least and the greatest value become.',
  }),
  clip: booleanParameter({
    default: false,
    doc: 'Whether values beyond those of fit are brought into the range.',
  }),
}

interface State {
  readonly dataMin: Float64Array
  readonly dataMax: Float64Array
}

const definition = defineEstimator({
  name: 'MinMaxScaler',
  parameters: minMaxScalerParameters,
  state: { dataMin: float64s({ anyValue: true }), dataMax: float64s({ anyValue: true }) },
  tags: { allowNaN: true, noSampleWeight: true },
  check({ dataMin, dataMax, nFeaturesIn }, _, json) {
    if (dataMin.length !== nFeaturesIn || dataMax.length !== nFeaturesIn)
      json.fail(`${nFeaturesIn} bounds`, `${dataMin.length} and ${dataMax.length}`)
    for (let j = 0; j < nFeaturesIn; j++)
      if (!(dataMin[j] <= dataMax[j]) && !(Number.isNaN(dataMin[j]) && Number.isNaN(dataMax[j])))
        json.fail('bounds in order', `${dataMin[j]} and ${dataMax[j]}`)
  },
})

/**
 * Scales features so that the values of `fit` fill `featureRange`. A constant feature becomes the lower
 * bound. Missing values (NaN) stay missing. As scikit-learn's `MinMaxScaler`; a range of any width above 0
 * is stretched (scikit-learn takes one below 2e-15 for constant).
 *
 * @example
 * ```ts
 * const scaler = await new MinMaxScaler().fit([[1], [3]])
 * await scaler.transform([[2], [5]]) // { x: Float64Array [0.5, 2], … }
 * ```
 */
export class MinMaxScaler extends InvertibleTransformer<typeof minMaxScalerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof minMaxScalerParameters> = {}) {
    super(definition, params)
    const [low, high] = this.params.featureRange
    if (!(low < high))
      throw argumentError(
        'MinMaxScaler',
        'featureRange [low, high] with low < high',
        `[${low}, ${high}]`,
      )
  }

  get dataMin(): Float64Array {
    return this.fitted('dataMin').dataMin
  }

  get dataMax(): Float64Array {
    return this.fitted('dataMax').dataMax
  }

  get dataRange(): Float64Array {
    const { dataMin, dataMax } = this.fitted('dataRange')
    return dataMax.map((high, j) => high - dataMin[j])
  }

  /** Factor of each feature. */
  get scale(): Float64Array {
    const [low, high] = this.params.featureRange
    return this.dataRange.map(range => (high - low) / (range === 0 ? 1 : range))
  }

  /** What is added after scaling. */
  get min(): Float64Array {
    const { dataMin } = this.fitted('min')
    return this.scale.map((scale, j) => this.params.featureRange[0] - dataMin[j] * scale)
  }

  protected async learn({ operation, x, signal }: TransformerTraining<AnyMatrix>): Promise<State> {
    const { min, max, count } = await denseExtremes(operation, x as Matrix, undefined, signal)
    const known = (values: Float64Array) => values.map((v, j) => (count[j] > 0 ? v : Number.NaN))
    return { dataMin: known(min), dataMax: known(max) }
  }

  protected apply(x: AnyMatrix, { dataMin, dataMax }: Frame & State): Promise<AnyMatrix> {
    const { featureRange, clip } = this.params
    const [low, high] = featureRange
    const { width } = x
    return mapDense('MinMaxScaler.transform', x as Matrix, (values, out, from, to) => {
      for (let row = from; row < to; row++)
        for (let j = 0; j < width; j++) {
          const i = row * width + j
          const share =
            dataMax[j] === dataMin[j]
              ? values[i] - dataMin[j]
              : shareOf(values[i], dataMin[j], dataMax[j])
          const scaled = low + share * (high - low)
          out[i] = clip ? Math.min(high, Math.max(low, scaled)) : scaled
        }
    })
  }

  protected invert(x: AnyMatrix, { dataMin, dataMax }: Frame & State): Promise<AnyMatrix> {
    const [low, high] = this.params.featureRange
    const { width } = x
    return mapDense('MinMaxScaler.inverseTransform', x as Matrix, (values, out, from, to) => {
      for (let row = from; row < to; row++)
        for (let j = 0; j < width; j++) {
          const i = row * width + j
          const share = (values[i] - low) / (high - low)
          const range = dataMax[j] - dataMin[j]
          out[i] = Number.isFinite(range)
            ? dataMin[j] + share * (range === 0 ? 1 : range)
            : dataMin[j] * (1 - share) + dataMax[j] * share
        }
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): MinMaxScaler {
    return restore(MinMaxScaler, json)
  }
}

/** In halves where a difference overflows. */
function shareOf(value: number, low: number, high: number): number {
  const range = high - low
  const share = (value - low) / range
  return range < Number.POSITIVE_INFINITY && share - share === 0
    ? share
    : (value / 2 - low / 2) / (high / 2 - low / 2)
}
