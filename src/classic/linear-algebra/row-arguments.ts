// Rows as jobs take them (kernels/learn/design-rows.h): dense float32 or float64, or sparse.

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse } from '../../estimator/matrix.js'

export interface RowArguments {
  readonly numbers: readonly number[]
  readonly arrays: readonly ArrayBufferView[]
}

/** The first numbers and arrays of a job. */
export function rowArguments(x: AnyMatrix): RowArguments {
  const { rows, width } = x
  if (isSparse(x)) return { numbers: [2, rows, width], arrays: [x.indptr, x.indices, x.values] }
  return { numbers: [x.x instanceof Float32Array ? 0 : 1, rows, width], arrays: [x.x] }
}
