// 1 above a threshold, 0 elsewhere.

import { argumentError } from '../../base/errors.js'
import { type GivenParameters, numberParameter } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { isSparse } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { ColumnwiseTransformer, mapDense, type Stateless } from './columnwise.js'

const binarizerParameters = {
  threshold: numberParameter({
    default: 0,
    doc: 'Values above it become 1, all others 0; not below 0 for sparse features.',
  }),
}

const definition = defineEstimator<typeof binarizerParameters, Stateless>({
  name: 'Binarizer',
  parameters: binarizerParameters,
  state: {},
  tags: { sparse: true, noSampleWeight: true },
})

/**
 * Turns numbers into 0 and 1. As scikit-learn's `Binarizer`.
 *
 * @example
 * ```ts
 * await new Binarizer({ threshold: 2 }).fitTransform([[1, 3]]) // { x: Float64Array [0, 1], … }
 * ```
 */
export class Binarizer extends ColumnwiseTransformer<typeof binarizerParameters, Stateless> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof binarizerParameters> = {}) {
    super(definition, params)
  }

  protected learn(): Stateless {
    return {}
  }

  protected apply(x: AnyMatrix): Promise<AnyMatrix> | AnyMatrix {
    const { threshold } = this.params
    if (!isSparse(x))
      return mapDense('Binarizer.transform', x, (values, out, from, to) => {
        for (let i = from * x.width; i < to * x.width; i++) out[i] = values[i] > threshold ? 1 : 0
      })
    if (threshold < 0)
      throw argumentError(
        'Binarizer.transform',
        'a threshold of 0 or more for sparse features',
        `${threshold}`,
        'Below 0 every zero would become 1: pass x.toDense()',
      )
    return keepAbove(x, threshold)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): Binarizer {
    return restore(Binarizer, json)
  }
}

function keepAbove(x: SparseMatrix, threshold: number): SparseMatrix {
  const { rows, width, names } = x
  const indptr = new Int32Array(rows + 1)
  const indices = new Int32Array(x.indices.length)
  let kept = 0
  for (let row = 0; row < rows; row++) {
    for (let n = x.indptr[row]; n < x.indptr[row + 1]; n++)
      if (x.values[n] > threshold) indices[kept++] = x.indices[n]
    indptr[row + 1] = kept
  }
  const values = new Float64Array(kept).fill(1)
  return new SparseMatrix({ rows, width, indptr, indices: indices.slice(0, kept), values, names })
}
