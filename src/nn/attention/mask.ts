// Which keys a query may attend to, as one mask that broadcasts over [batch, heads, queries, keys].

import { shapeError } from '../../base/errors.js'
import { formatShape } from '../../base/shape.js'
import { arange } from '../../tensor/creation.js'
import { add, greaterEqual, logicalAnd, notEqual, where } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { CacheStep } from './cache.js'

/** Masks that a caller may give; true or 1 where attention is allowed. */
export interface AttentionMasks {
  /** [queries, keys] or [batch, queries, keys]; an axis may be 1. */
  readonly attentionMask?: Tensor | null
  /** [batch, keys]: which keys are tokens rather than padding. Default: the mask that they carry; null for none. */
  readonly paddingMask?: Tensor | null
}

function allowed(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? mask : notEqual(mask, 0)
}

/**
 * All masks as one, or null where everything may be attended to.
 *
 * @param name of the layer, for errors
 * @param scores [batch, heads, queries, keys]
 */
export function combinedMask(
  name: string,
  scores: readonly number[],
  { attentionMask, paddingMask }: AttentionMasks,
  isCausal: boolean,
  step: CacheStep | null,
): Tensor | null {
  const [batch, , queries, keys] = scores
  const masks: Tensor[] = []
  if (attentionMask !== undefined && attentionMask !== null) {
    const { shape } = attentionMask
    const full = [batch, queries, keys].slice(3 - shape.length)
    const fits =
      (shape.length === 2 || shape.length === 3) && shape.every((n, i) => n === full[i] || n === 1)
    if (!fits)
      throw shapeError(
        `attentionMask of ${name}`,
        `[${queries}, ${keys}] or [${batch}, ${queries}, ${keys}]`,
        formatShape(shape),
      )
    const [q, k] = shape.slice(-2)
    masks.push(reshape(allowed(attentionMask), [shape.length === 3 ? shape[0] : 1, 1, q, k]))
  }
  if (paddingMask !== undefined && paddingMask !== null) {
    const { shape } = paddingMask
    if (shape.length !== 2 || shape[1] !== keys || (shape[0] !== batch && shape[0] !== 1))
      throw shapeError(`paddingMask of ${name}`, `[${batch}, ${keys}]`, formatShape(shape))
    masks.push(reshape(allowed(paddingMask), [shape[0], 1, 1, keys]))
  }
  if (isCausal) {
    const rows = reshape(arange(0, queries, 1, { dtype: 'int32' }), [queries, 1])
    const columns = arange(0, keys, 1, { dtype: 'int32' })
    const latest = step === null ? rows : add(rows, step.position)
    masks.push(reshape(greaterEqual(latest, columns), [1, 1, queries, keys]))
  }
  return masks.length === 0 ? null : masks.reduce((a, b) => logicalAnd(a, b))
}

/** Scores with what is not allowed so low that softmax makes it 0. */
export function masked(scores: Tensor, mask: Tensor | null): Tensor {
  return mask === null ? scores : add(scores, where(mask, 0, -1e9))
}
