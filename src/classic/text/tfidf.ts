// Counts weighted by how rare their terms are (Spärck Jones 1972), each row brought to one length (Salton & Buckley
// 1988).

import {
  booleanParameter,
  choiceParameter,
  optionalParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { normalizeSparse } from '../preprocessing/normalizer.js'

export const tfidfParameters = {
  norm: optionalParameter(
    choiceParameter(['l1', 'l2'], { doc: 'The length that each row is brought to; null: none.' }),
    'l2',
  ),
  useIdf: booleanParameter({ default: true, doc: 'Whether rare terms count more.' }),
  smoothIdf: booleanParameter({
    default: true,
    doc: 'Whether one more text is counted that has every term.',
  }),
  sublinearTf: booleanParameter({
    default: false,
    doc: 'Whether a count n becomes 1 + log n.',
    search: { choices: [false, true] },
  }),
}

export type TfidfParams = ParametersOf<typeof tfidfParameters>

/** No number of texts gives more. */
export const largestIdf = 1000

/** log(texts ÷ texts with the term) + 1; both one more where smooth. A term in no text counts as in one. */
export function idfOf(counts: SparseMatrix, smooth: boolean): Float64Array {
  const frequency = new Float64Array(counts.width).fill(smooth ? 1 : 0)
  for (let n = 0; n < counts.indices.length; n++)
    if (counts.values[n] !== 0) frequency[counts.indices[n]]++
  const texts = counts.rows + (smooth ? 1 : 0)
  return frequency.map(n => Math.log(texts / Math.max(1, n)) + 1)
}

/** The weighted rows. */
export function weighted(
  counts: SparseMatrix,
  idf: Float64Array | undefined,
  { norm, sublinearTf }: TfidfParams,
): SparseMatrix {
  const { rows, width, indptr, indices, names } = counts
  const values = counts.values.map((count, n) => {
    const frequency = sublinearTf ? Math.log(count) + 1 : count
    return idf === undefined ? frequency : frequency * idf[indices[n]]
  })
  const made = new SparseMatrix({ rows, width, indptr, indices, values, names })
  return norm === undefined ? made : normalizeSparse(made, norm)
}
