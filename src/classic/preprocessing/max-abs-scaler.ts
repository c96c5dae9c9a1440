// Every feature by its largest magnitude.

import { booleanParameter, type GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { isSparse } from '../../estimator/matrix.js'
import { float64s } from '../../estimator/state.js'
import {
  InvertibleTransformer,
  mapDense,
  mapStored,
  scaleColumns,
  unscaleColumns,
} from './columnwise.js'
import { denseExtremes } from './dense-columns.js'
import { sparseExtremes } from './sparse-columns.js'

const maxAbsScalerParameters = {
  clip: booleanParameter({
    default: false,
    doc: 'Whether values beyond those of fit are brought into [-1, 1].',
  }),
}

interface State {
  readonly maxAbs: Float64Array
}

const definition = defineEstimator({
  name: 'MaxAbsScaler',
  parameters: maxAbsScalerParameters,
  state: { maxAbs: float64s({ anyValue: true }) },
  tags: { allowNaN: true, sparse: true, noSampleWeight: true },
  check({ maxAbs, nFeaturesIn }, _, json) {
    if (maxAbs.length !== nFeaturesIn) json.fail(`${nFeaturesIn} values`, `${maxAbs.length}`)
    if (maxAbs.some(value => value < 0 || value === Number.POSITIVE_INFINITY))
      json.fail('magnitudes', 'others')
  },
})

/**
 * Divides each feature by its largest magnitude, so that it lies in [-1, 1]; nothing is shifted, so that
 * sparse features stay sparse. Missing values (NaN) stay missing. As scikit-learn's `MaxAbsScaler`.
 *
 * @example
 * ```ts
 * const scaler = await new MaxAbsScaler().fit([[-4], [2]])
 * await scaler.transform([[1]]) // { x: Float64Array [0.25], … }
 * ```
 */
export class MaxAbsScaler extends InvertibleTransformer<typeof maxAbsScalerParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof maxAbsScalerParameters> = {}) {
    super(definition, params)
  }

  get maxAbs(): Float64Array {
    return this.fitted('maxAbs').maxAbs
  }

  /** What each feature is divided by: its largest magnitude, 1 where that is 0. */
  get scale(): Float64Array {
    return scaleOf(this.fitted('scale'))
  }

  protected async learn({ operation, x, signal }: TransformerTraining<AnyMatrix>): Promise<State> {
    const { min, max } = isSparse(x)
      ? sparseExtremes(x)
      : await denseExtremes(operation, x, undefined, signal)
    // A column without values keeps infinite extremes.
    const maxAbs = min.map((low, j) => (low > max[j] ? Number.NaN : Math.max(-low, max[j], 0)))
    return { maxAbs }
  }

  protected async apply(x: AnyMatrix, state: Frame & State): Promise<AnyMatrix> {
    const operation = 'MaxAbsScaler.transform'
    const out = await scaleColumns(operation, x, undefined, scaleOf(state))
    if (!this.params.clip) return out
    const clipped = (value: number) => Math.min(1, Math.max(-1, value))
    if (isSparse(out)) return mapStored(out, clipped)
    return mapDense(operation, out, (values, into, from, to) => {
      for (let i = from * x.width; i < to * x.width; i++) into[i] = clipped(values[i])
    })
  }

  protected invert(x: AnyMatrix, state: Frame & State): Promise<AnyMatrix> {
    return unscaleColumns('MaxAbsScaler.inverseTransform', x, undefined, scaleOf(state))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): MaxAbsScaler {
    return restore(MaxAbsScaler, json)
  }
}

function scaleOf({ maxAbs }: State): Float64Array {
  return maxAbs.map(value => (value === 0 ? 1 : value))
}
