// Rows times vectors, in a job.

import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Matrix } from '../../estimator/matrix.js'
import { runJob } from '../../execute/jobs.js'
import { rowArguments } from './row-arguments.js'

/** (x − shift) · vectorsᵀ; `vectors` are rows of x's width. Sparse features take no shift. */
export async function projectRows(
  operation: string,
  x: AnyMatrix,
  vectors: Float64Array,
  shift?: Float64Array,
): Promise<Matrix> {
  const { numbers, arrays } = rowArguments(x)
  const width = vectors.length / x.width
  const [out] = await runJob(operation, {
    kind: 'projections',
    numbers: [...numbers, width],
    arrays: [...arrays, shift ?? new Float64Array(0), vectors],
  })
  return { x: new Float64Array(out), rows: x.rows, width }
}
