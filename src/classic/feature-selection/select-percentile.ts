// A share of the features, those with the highest scores.

import { type GivenParameters, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { Tags } from '../../estimator/contract.js'
import { quantileOf } from '../../features/quantile.js'
import { BaseSelector } from './base-selector.js'
import {
  checkUnivariate,
  comparable,
  learnScores,
  scoreFuncParameter,
  type UnivariateState,
  univariateState,
} from './univariate.js'

const selectPercentileParameters = {
  scoreFunc: scoreFuncParameter,
  percentile: numberParameter({
    default: 10,
    min: 0,
    max: 100,
    doc: 'Features kept, in percent.',
    search: { scale: 'linear', low: 5, high: 100 },
  }),
}

const definition = defineEstimator({
  name: 'SelectPercentile',
  parameters: selectPercentileParameters,
  state: univariateState,
  tags: { sparse: true, needsTargets: true, noSampleWeight: true },
  check(state, _, json) {
    checkUnivariate(state, json)
  },
})

/**
 * Keeps the features whose scores lie in the upper `percentile` percent, each looked at alone. As scikit-learn's
 * `SelectPercentile`.
 *
 * @example
 * ```ts
 * const half = new SelectPercentile({ percentile: 50 })
 * await half.fitTransform([[1, 5], [2, 3], [8, 4], [9, 4]], ['a', 'a', 'b', 'b']) // the first feature
 * ```
 */
export class SelectPercentile extends BaseSelector<
  typeof selectPercentileParameters,
  UnivariateState
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof selectPercentileParameters> = {}) {
    super(definition, params)
  }

  override get tags(): Tags {
    return { ...definition.tags, nonNegative: this.params.scoreFunc === 'chi2' }
  }

  /** The score of each feature; NaN where it has none. */
  get scores(): Float64Array {
    return this.fitted('scores').scores
  }

  /** How likely chance alone would give as high a score; undefined where the score has none. */
  get pvalues(): Float64Array | undefined {
    return this.fitted('pvalues').pvalues
  }

  protected learn(training: TransformerTraining<AnyMatrix>): Promise<UnivariateState> {
    return learnScores(this.params.scoreFunc, training)
  }

  protected supportOf({ scores }: Frame & UnivariateState): Uint8Array {
    const { percentile } = this.params
    const n = scores.length
    if (percentile === 100) return new Uint8Array(n).fill(1)
    if (percentile === 0) return new Uint8Array(n)
    const values = comparable(scores)
    const threshold = quantileOf(values.slice().sort(), (100 - percentile) / 100)
    const support = Uint8Array.from(values, value => (value > threshold ? 1 : 0))
    // Of those at the threshold, the first ones that still fit.
    let room = Math.floor((n * percentile) / 100) - support.reduce((sum, kept) => sum + kept, 0)
    for (let j = 0; j < n && room > 0; j++)
      if (values[j] === threshold) {
        support[j] = 1
        room--
      }
    return support
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SelectPercentile {
    return restore(SelectPercentile, json)
  }
}
