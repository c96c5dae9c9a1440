// Features that vary enough.

import { AthanorError } from '../../base/errors.js'
import { type GivenParameters, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { isSparse } from '../../estimator/matrix.js'
import { float64s } from '../../estimator/state.js'
import { denseMoments } from '../preprocessing/dense-columns.js'
import { sparseExtremes, sparseMoments } from '../preprocessing/sparse-columns.js'
import { BaseSelector } from './base-selector.js'

const varianceThresholdParameters = {
  threshold: numberParameter({
    default: 0,
    min: 0,
    doc: 'Features whose variance is not above it are left out; 0: constant ones.',
  }),
}

interface State {
  readonly variances: Float64Array
}

const definition = defineEstimator({
  name: 'VarianceThreshold',
  parameters: varianceThresholdParameters,
  state: { variances: float64s({ anyValue: true }) },
  tags: { allowNaN: true, sparse: true, noSampleWeight: true },
  check({ variances, nFeaturesIn }, _, json) {
    if (variances.length !== nFeaturesIn)
      json.fail(`${nFeaturesIn} variances`, `${variances.length}`)
  },
})

/**
 * Leaves out features that hardly vary, without a look at a target. Missing values (NaN) don't count. As
 * scikit-learn's `VarianceThreshold`.
 *
 * Errors: DATA where no feature is left.
 *
 * @example
 * ```ts
 * await new VarianceThreshold().fitTransform([[1, 0], [2, 0]]) // { x: Float64Array [1, 2], rows: 2, width: 1 }
 * ```
 */
export class VarianceThreshold extends BaseSelector<typeof varianceThresholdParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof varianceThresholdParameters> = {}) {
    super(definition, params)
  }

  /** The variance of each feature (population); NaN where it has no values. */
  get variances(): Float64Array {
    return this.fitted('variances').variances
  }

  protected async learn({ operation, x, signal }: TransformerTraining<AnyMatrix>): Promise<State> {
    const { std } = isSparse(x)
      ? sparseMoments(x, undefined)
      : await denseMoments(operation, x, undefined, signal)
    const extremes = isSparse(x) ? sparseExtremes(x) : undefined
    const variances = std.map((value, j) => {
      if (value === 0 || (extremes !== undefined && extremes.min[j] === extremes.max[j])) return 0
      // A square may vanish; the feature varies nevertheless.
      return value * value || (value > 0 ? Number.MIN_VALUE : value)
    })
    if (!variances.some(value => value > this.params.threshold))
      throw new AthanorError('DATA', {
        operation,
        expected: `a feature whose variance is above ${this.params.threshold}`,
        received: `variances up to ${variances.reduce((a, b) => Math.max(a, b), 0)}`,
        fix: x.rows === 1 ? 'There is only one row' : 'Lower the threshold',
      })
    return { variances }
  }

  protected supportOf({ variances }: Frame & State): Uint8Array {
    return Uint8Array.from(variances, value => (value > this.params.threshold ? 1 : 0))
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): VarianceThreshold {
    return restore(VarianceThreshold, json)
  }
}
