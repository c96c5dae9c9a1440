// Rows as jobs take them that work in float64 throughout: kernels/learn/row-source.h.

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse } from '../../estimator/matrix.js'

/** Three numbers and three arrays of a job; float32 rows are copied. */
export interface RowSource {
  readonly numbers: readonly number[]
  readonly arrays: readonly ArrayBufferView[]
}

export function rowSource(x: AnyMatrix): RowSource {
  if (isSparse(x)) return { numbers: [x.rows, x.width, 1], arrays: [x.values, x.indptr, x.indices] }
  const values = x.x instanceof Float64Array ? x.x : Float64Array.from(x.x)
  return {
    numbers: [x.rows, x.width, 0],
    arrays: [values, new Int32Array(0), new Int32Array(0)],
  }
}
