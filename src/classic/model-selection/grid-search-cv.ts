// A search over every combination of a grid, each judged by cross-validation.

import type { GivenParameters } from '../../base/parameters.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { BaseSearch, checkSearch, searchParameters, searchState } from './base-search.js'
import { combinationsOf, gridParameter } from './parameter-grid.js'

const { estimator, ...others } = searchParameters

const gridSearchCVParameters = {
  estimator,
  paramGrid: gridParameter(
    'Lists of values by parameter; `step__name` reaches into a pipeline. Several grids are searched one after the other.',
  ),
  ...others,
}

const definition = defineEstimator({
  name: 'GridSearchCV',
  parameters: gridSearchCVParameters,
  state: searchState,
  check: checkSearch,
})

/**
 * Tries every combination of the parameters' values by cross-validation and then is the best of them.
 * As scikit-learn's `GridSearchCV`.
 *
 * @example
 * ```ts
 * const rows = Array.from({ length: 30 }, (_, i) => [i, (i * 7) % 5])
 * const search = new GridSearchCV({ estimator: new Ridge(), paramGrid: { alpha: [0.1, 1000] }, cv: 3 })
 * await search.fit(rows, rows.map(([v]) => 2 * v))
 * console.log(search.bestParams) // { alpha: 0.1 }
 * ```
 */
export class GridSearchCV extends BaseSearch<typeof gridSearchCVParameters> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof gridSearchCVParameters>) {
    super(definition, params)
  }

  protected candidates(): Record<string, unknown>[] {
    return combinationsOf(this.params.paramGrid)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): GridSearchCV {
    return restore(GridSearchCV, json)
  }
}
