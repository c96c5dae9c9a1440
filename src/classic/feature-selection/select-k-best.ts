// The k features with the highest scores.

import {
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { Tags } from '../../estimator/contract.js'
import { frequentOnes } from '../../features/frequent.js'
import { BaseSelector } from './base-selector.js'
import {
  checkUnivariate,
  comparable,
  learnScores,
  scoreFuncParameter,
  type UnivariateState,
  univariateState,
} from './univariate.js'

const selectKBestParameters = {
  scoreFunc: scoreFuncParameter,
  k: eitherParameter(
    integerParameter({ min: 0, doc: 'So many.' }),
    choiceParameter(['all'], { doc: 'All.' }),
    {
      default: 10,
      doc: "Features kept; all where there are fewer, or with 'all'.",
      search: { scale: 'log', low: 1, high: 100, whole: true },
    },
  ),
}

const definition = defineEstimator({
  name: 'SelectKBest',
  parameters: selectKBestParameters,
  state: univariateState,
  tags: { sparse: true, needsTargets: true, noSampleWeight: true },
  check(state, _, json) {
    checkUnivariate(state, json)
  },
})

/**
 * Keeps the k features that go most strongly with the target, each looked at alone. Of equal scores the later
 * features are kept, as in scikit-learn's `SelectKBest`.
 *
 * @example
 * ```ts
 * const best = new SelectKBest({ k: 1 })
 * await best.fitTransform([[1, 5], [2, 3], [8, 4], [9, 4]], ['a', 'a', 'b', 'b']) // the first feature
 * best.scores // [98, 0]
 * ```
 */
export class SelectKBest extends BaseSelector<typeof selectKBestParameters, UnivariateState> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof selectKBestParameters> = {}) {
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
    const { k } = this.params
    if (k === 'all') return new Uint8Array(scores.length).fill(1)
    return frequentOnes(comparable(scores), { minCount: -Infinity, maxKept: k, ties: 'last' })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SelectKBest {
    return restore(SelectKBest, json)
  }
}
