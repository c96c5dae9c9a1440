// Every feature to mean 0 and standard deviation 1.

import { booleanParameter, type GivenParameters } from '../../base/parameters.js'
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
import { float64s, optional } from '../../estimator/state.js'
import {
  InvertibleTransformer,
  refuseCentring,
  scaleColumns,
  unscaleColumns,
} from './columnwise.js'
import { denseMoments } from './dense-columns.js'
import { sparseMoments } from './sparse-columns.js'

const standardScalerParameters = {
  withMean: booleanParameter({
    default: true,
    doc: 'Whether to subtract the mean; must be false for sparse features.',
  }),
  withStd: booleanParameter({ default: true, doc: 'Whether to divide by the deviation.' }),
}

interface State {
  readonly mean: Float64Array | undefined
  /** Population deviations; 0 where a feature is constant. */
  readonly std: Float64Array | undefined
  readonly count: Float64Array
}

const definition = defineEstimator({
  name: 'StandardScaler',
  parameters: standardScalerParameters,
  state: {
    mean: optional(float64s({ anyValue: true })),
    std: optional(float64s({ anyValue: true })),
    count: float64s({ low: 0 }),
  },
  tags: { allowNaN: true },
  check({ mean, std, count, nFeaturesIn }, { withMean, withStd }, json) {
    const lengths = [mean, std, count].map(values => values?.length ?? nFeaturesIn)
    if (lengths.some(length => length !== nFeaturesIn))
      json.fail(`${nFeaturesIn} values a field`, `${lengths}`)
    if ((withMean && mean === undefined) || (withStd && std === undefined))
      json.fail('what the parameters ask for', 'less')
    if (std?.some(value => value < 0 || value === Number.POSITIVE_INFINITY) === true)
      json.fail('deviations of 0 or more', 'others')
  },
})

/**
 * Standardises features: less the mean, divided by the standard deviation (population, n). A constant
 * feature becomes 0. Missing values (NaN) are left out in `fit` and stay missing. As scikit-learn's
 * `StandardScaler`, with weights; sparse features with `withMean: false`.
 *
 * @example
 * ```ts
 * const scaler = await new StandardScaler().fit([[0], [2]])
 * await scaler.transform([[4]]) // { x: Float64Array [3], rows: 1, width: 1 }
 * ```
 */
export class StandardScaler extends InvertibleTransformer<typeof standardScalerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof standardScalerParameters> = {}) {
    super(definition, params)
  }

  override get tags(): Tags {
    return { ...definition.tags, sparse: !this.params.withMean }
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    refuseCentring(operation, x, this.params.withMean, 'withMean')
    return super.readFeatures(operation, x, needs)
  }

  /** Mean of each feature; undefined where neither mean nor deviation is used. */
  get mean(): Float64Array | undefined {
    return this.fitted('mean').mean
  }

  /** Variance of each feature; undefined with `withStd: false`. */
  get var(): Float64Array | undefined {
    return this.fitted('var').std?.map(value => value * value)
  }

  /** What each feature is divided by: its deviation, 1 where that is 0. */
  get scale(): Float64Array | undefined {
    return scaleOf(this.fitted('scale'))
  }

  /** Rows with a value, a feature each; with weights, the sum of theirs. */
  get nSamplesSeen(): Float64Array {
    return this.fitted('nSamplesSeen').count
  }

  protected async learn(training: TransformerTraining<AnyMatrix>): Promise<State> {
    const { operation, x, sampleWeight, signal } = training
    const { withMean, withStd } = this.params
    const { count, mean, std } = isSparse(x)
      ? sparseMoments(x, sampleWeight)
      : await denseMoments(operation, x, sampleWeight, signal)
    return {
      mean: withMean || withStd ? mean : undefined,
      std: withStd ? std : undefined,
      count,
    }
  }

  protected apply(x: AnyMatrix, state: Frame & State): Promise<AnyMatrix> {
    const shift = this.params.withMean ? state.mean : undefined
    return scaleColumns('StandardScaler.transform', x, shift, scaleOf(state))
  }

  protected invert(x: AnyMatrix, state: Frame & State): Promise<AnyMatrix> {
    const shift = this.params.withMean ? state.mean : undefined
    return unscaleColumns('StandardScaler.inverseTransform', x, shift, scaleOf(state))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): StandardScaler {
    return restore(StandardScaler, json)
  }
}

function scaleOf({ std }: State): Float64Array | undefined {
  return std?.map(value => (value === 0 ? 1 : value))
}
