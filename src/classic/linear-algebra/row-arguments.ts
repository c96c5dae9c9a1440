// Rows as jobs take them (kernels/learn/row-arguments.h): dense float32 or float64, or sparse.

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse } from '../../estimator/matrix.js'

export interface RowArguments {
  readonly numbers: readonly number[]
  readonly arrays: readonly ArrayBufferView[]
}

const none = new Int32Array(0)

/** Four numbers and three arrays, the first of a job's. */
export function rowArguments(x: AnyMatrix): RowArguments {
  const { rows, width } = x
  if (isSparse(x))
    return {
      numbers: [2, rows, width, x.values.length],
      arrays: [x.values, x.indptr, x.indices],
    }
  const format = x.x instanceof Float32Array ? 0 : 1
  return { numbers: [format, rows, width, 0], arrays: [x.x, none, none] }
}
