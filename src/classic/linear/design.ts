// Features and weights as the kernels of linear models read them (kernels/learn/design-rows.h).

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse } from '../../estimator/matrix.js'

/** The first numbers and arrays of a job over rows. */
export interface Design {
  readonly numbers: readonly number[]
  readonly arrays: readonly ArrayBufferView[]
}

const forms = { float32: 0, float64: 1, sparse: 2 } as const

export function designOf(x: AnyMatrix): Design {
  if (isSparse(x))
    return {
      numbers: [forms.sparse, x.rows, x.width],
      arrays: [x.indptr, x.indices, x.values],
    }
  const form = x.x instanceof Float32Array ? forms.float32 : forms.float64
  return { numbers: [form, x.rows, x.width], arrays: [x.x] }
}

const none = new Float64Array(0)

/** An array that may be missing. */
export function orNone(values: Float64Array | undefined): Float64Array {
  return values ?? none
}
