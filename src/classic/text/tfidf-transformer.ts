// Counts of terms weighted by their rarity.

import { AthanorError } from '../../base/errors.js'
import type { GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { isSparse } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { float64s, optional } from '../../estimator/state.js'
import { ColumnwiseTransformer } from '../preprocessing/columnwise.js'
import { idfOf, largestIdf, tfidfParameters, weighted } from './tfidf.js'

const tfidfTransformerParameters = tfidfParameters

interface State {
  readonly idf: Float64Array | undefined
}

const definition = defineEstimator({
  name: 'TfidfTransformer',
  parameters: tfidfTransformerParameters,
  state: { idf: optional(float64s({ low: 0, high: largestIdf })) },
  tags: { sparse: true, nonNegative: true, noSampleWeight: true },
  check({ idf, nFeaturesIn }, { useIdf }, json) {
    if (useIdf !== (idf !== undefined) || (idf?.length ?? nFeaturesIn) !== nFeaturesIn)
      json.fail(`weights of ${nFeaturesIn} terms where useIdf is set`, 'others')
  },
})

/**
 * Turns counts of terms into tf–idf weights: the count times log((1 + texts) ÷ (1 + texts with the term)) + 1, each
 * row brought to length 1. The result is sparse. As scikit-learn's `TfidfTransformer`.
 *
 * Errors: DATA for counts below 0.
 *
 * @example
 * ```ts
 * await new TfidfTransformer({ norm: null }).fitTransform([[1, 0], [2, 3]]) // rows [1, 0] and [2, 4.2164]
 * ```
 */
export class TfidfTransformer extends ColumnwiseTransformer<
  typeof tfidfTransformerParameters,
  State
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof tfidfTransformerParameters> = {}) {
    super(definition, params)
  }

  /** The weight of each term; undefined with `useIdf: false`. */
  get idf(): Float64Array | undefined {
    return this.fitted('idf').idf
  }

  protected learn({ operation, x }: TransformerTraining<AnyMatrix>): State {
    const { useIdf, smoothIdf } = this.params
    const counts = countsOf(operation, x)
    return { idf: useIdf ? idfOf(counts, smoothIdf) : undefined }
  }

  protected apply(x: AnyMatrix, { idf }: Frame & State): SparseMatrix {
    return weighted(countsOf('TfidfTransformer.transform', x), idf, this.params)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TfidfTransformer {
    return restore(TfidfTransformer, json)
  }
}

function countsOf(operation: string, x: AnyMatrix): SparseMatrix {
  const counts = isSparse(x) ? x : SparseMatrix.fromDense(x)
  const bad = counts.values.find(value => value < 0)
  if (bad !== undefined)
    throw new AthanorError('DATA', {
      operation,
      expected: 'counts of 0 or more',
      received: String(bad),
    })
  return counts
}
