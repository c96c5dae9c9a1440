// A search over candidates drawn from ranges, each judged by cross-validation (Bergstra & Bengio 2012).

import { type GivenParameters, integerParameter, optionalParameter } from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { randomState } from '../../estimator/random-state.js'
import { BaseSearch, checkSearch, searchParameters, searchState } from './base-search.js'
import { distributionsParameter, drawsFrom, searchRangesOf } from './parameter-grid.js'

const { estimator, ...others } = searchParameters

const randomizedSearchCVParameters = {
  estimator,
  paramDistributions: optionalParameter(
    distributionsParameter(
      'Lists, or ranges { scale, low, high, whole }, by parameter; by default the ranges that the estimator’s own parameters name.',
    ),
  ),
  nIter: integerParameter({ default: 10, min: 1, doc: 'Candidates to draw.' }),
  ...others,
  randomState,
}

const definition = defineEstimator({
  name: 'RandomizedSearchCV',
  parameters: randomizedSearchCVParameters,
  state: searchState,
  check: checkSearch,
})

/**
 * Draws candidates, tries each by cross-validation and then is the best of them. As scikit-learn's
 * `RandomizedSearchCV`; without `paramDistributions` it searches where the estimator's parameters say.
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 30 }, (_, i) => [i, (i * 7) % 5])
 * const search = new RandomizedSearchCV({ estimator: new Ridge(), nIter: 4, cv: 3 })
 * await search.fit(rows, rows.map(([v]) => 2 * v))
 * console.log(search.cvResults.length) // 4
 * ```
 */
export class RandomizedSearchCV extends BaseSearch<typeof randomizedSearchCVParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof randomizedSearchCVParameters>) {
    super(definition, params)
  }

  protected candidates(): Record<string, unknown>[] {
    const { estimator: base, paramDistributions, nIter, randomState: seed } = this.params
    const ranges = paramDistributions ?? searchRangesOf(base)
    return drawsFrom('RandomizedSearchCV.fit', ranges, nIter, seed)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RandomizedSearchCV {
    return restore(RandomizedSearchCV, json)
  }
}
