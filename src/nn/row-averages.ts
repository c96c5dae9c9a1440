// Values of rows, or of the steps that a mask leaves, as the two sums of which a metric is the quotient.

import { full } from '../tensor/creation.js'
import * as ops from '../tensor/operations.js'
import { reshape } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import { maskFor, maskOf } from './mask.js'

function averagedSteps(values: Tensor, mask: Tensor, weights: Tensor | undefined) {
  const perStep =
    values.rank > 2
      ? ops.mean(values, { axis: Array.from({ length: values.rank - 2 }, (_, i) => i + 2) })
      : values
  const counts = ops.cast(mask, 'float32')
  const w =
    weights === undefined
      ? counts
      : ops.mul(counts, ops.cast(reshape(weights, [mask.shape[0], 1]), 'float32'))
  return { total: ops.sum(ops.where(mask, ops.mul(perStep, w), 0)), count: ops.sum(w) }
}

/** One value for each row, or for each step that counts, weighted and summed. */
export function averaged(values: Tensor, yPred: Tensor, weights: Tensor | undefined) {
  const mask = maskOf(yPred)
  if (mask !== null && maskFor(values, yPred) !== null) return averagedSteps(values, mask, weights)
  const [rows] = yPred.shape
  const perRow =
    values.rank > 1
      ? ops.mean(values, { axis: Array.from({ length: values.rank - 1 }, (_, i) => i + 1) })
      : values
  if (weights === undefined) return { total: ops.sum(perRow), count: full([], rows) }
  const w = ops.cast(reshape(weights, [rows]), 'float32')
  return { total: ops.sum(ops.mul(perRow, w)), count: ops.sum(w) }
}
