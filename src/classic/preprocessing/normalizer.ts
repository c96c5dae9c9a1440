// Every row to length 1.

import { choiceParameter, type GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { isSparse } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { ColumnwiseTransformer, mapDense, type Stateless } from './columnwise.js'

export const norms = ['l1', 'l2', 'max'] as const

const normalizerParameters = {
  norm: choiceParameter(norms, {
    default: 'l2',
    doc: 'What becomes 1: the sum of magnitudes (l1), the Euclidean length (l2), the largest magnitude (max).',
    search: { choices: norms },
  }),
}

const definition = defineEstimator<typeof normalizerParameters, Stateless>({
  name: 'Normalizer',
  parameters: normalizerParameters,
  state: {},
  tags: { sparse: true, noSampleWeight: true },
})

/**
 * Scales each row, not each feature, to norm 1; rows of zeros stay. As scikit-learn's `Normalizer`.
 *
 * @example
 * ```ts
 * await new Normalizer().fitTransform([[3, 4]]) // { x: Float64Array [0.6, 0.8], … }
 * ```
 */
export class Normalizer extends ColumnwiseTransformer<typeof normalizerParameters, Stateless> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof normalizerParameters> = {}) {
    super(definition, params)
  }

  protected learn(): Stateless {
    return {}
  }

  protected apply(x: AnyMatrix): Promise<AnyMatrix> | AnyMatrix {
    const { norm } = this.params
    if (isSparse(x)) return normalizeSparse(x, norm)
    const { width } = x
    return mapDense('Normalizer.transform', x, (values, out, from, to) => {
      for (let row = from; row < to; row++)
        normalizeRun(values, out, row * width, (row + 1) * width, norm)
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): Normalizer {
    return restore(Normalizer, json)
  }
}

/** Rows of a sparse matrix at norm 1. */
export function normalizeSparse(x: SparseMatrix, norm: (typeof norms)[number]): SparseMatrix {
  const { rows, width, indptr, indices, values, names } = x
  const out = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) normalizeRun(values, out, indptr[row], indptr[row + 1], norm)
  return new SparseMatrix({ rows, width, indptr, indices, values: out, names })
}

function normalizeRun(
  values: ArrayLike<number>,
  out: Float64Array,
  from: number,
  to: number,
  norm: (typeof norms)[number],
): void {
  let length = 0
  if (norm === 'l2') {
    for (let i = from; i < to; i++) length += values[i] * values[i]
    length = Math.sqrt(length)
  } else if (norm === 'l1') for (let i = from; i < to; i++) length += Math.abs(values[i])
  else for (let i = from; i < to; i++) length = Math.max(length, Math.abs(values[i]))
  // Squares of 1e200 overflow and those of 1e-200 vanish: then in units of the largest.
  if (length > 1e-140 && length < Number.POSITIVE_INFINITY) {
    for (let i = from; i < to; i++) out[i] = values[i] / length
    return
  }
  let largest = 0
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(values[i]))
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) {
    for (let i = from; i < to; i++) out[i] = values[i]
    return
  }
  for (let i = from; i < to; i++) out[i] = values[i] / largest
  normalizeRun(out, out, from, to, norm)
}
