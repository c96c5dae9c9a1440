// The method `kneighbors`, which all estimators by neighbours have.

import { OptionTable } from '../../base/options.js'
import { trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { nearestOf, nearestOthers } from './neighbor-index.js'
import type { NeighborParams } from './neighbor-parameters.js'

/** Options of `kneighbors`. */
export interface NeighborOptions {
  /** How many; by default those of the estimator. */
  readonly nNeighbors?: number
  /** Whether distances are wanted too; true by default. */
  readonly returnDistance?: boolean
}

/** Row-major `rows × nNeighbors`, the nearest first. */
export interface KNeighbors {
  /** Training rows, by their places. */
  readonly indices: Int32Array
  /** Empty where they were not wanted. */
  readonly distances: Float64Array
  readonly nNeighbors: number
}

const neighborOptions = new OptionTable<NeighborOptions>({
  nNeighbors: wholeNumber({ min: 1 }),
  returnDistance: trueOrFalse,
})

export async function kneighborsOf(
  operation: string,
  rows: AnyMatrix,
  params: NeighborParams,
  queries: AnyMatrix | undefined,
  options: NeighborOptions,
): Promise<KNeighbors> {
  neighborOptions.check(operation, options)
  const { nNeighbors = params.nNeighbors, returnDistance = true } = options
  const { indices, distances } =
    queries === undefined
      ? await nearestOthers(operation, rows, params, nNeighbors)
      : await nearestOf(operation, rows, params, queries, nNeighbors)
  return { indices, distances: returnDistance ? distances : new Float64Array(0), nNeighbors }
}
