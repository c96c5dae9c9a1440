// Which keys a query may attend to, as one mask that broadcasts over [batch, heads, queries, keys].

import { argumentError, shapeError } from '../../base/errors.js'
import { formatShape } from '../../base/shape.js'
import { arange } from '../../tensor/creation.js'
import { add, greaterEqual, logicalAnd, notEqual, where } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import { knownValues, type Tensor } from '../../tensor/tensor.js'
import type { CacheStep } from './cache.js'

/**
 * Masks that a caller may give; true or 1 where attention is allowed. A query that may attend to nothing attends to
 * all keys alike, as in Keras.
 */
export interface AttentionMasks {
  /** [queries, keys] or [batch, queries, keys]; an axis may be 1. */
  readonly attentionMask?: Tensor | null
  /** [batch, keys]: which keys are tokens rather than padding. Default: the mask that they carry; null for none. */
  readonly paddingMask?: Tensor | null
}

/** An additive mask (0 where allowed, −∞ elsewhere) would mean the contrary, so numbers are looked at where they are known. */
function allowed(name: string, mask: Tensor): Tensor {
  if (mask.dtype === 'bool') return mask
  const other = knownValues(mask)?.find(value => value !== 0 && value !== 1)
  if (other !== undefined)
    throw argumentError(
      name,
      'true or 1 where attention is allowed, false or 0 elsewhere',
      String(other),
      'Of a mask that is added to scores give mask.greaterEqual(0)',
    )
  return notEqual(mask, 0)
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
    masks.push(
      reshape(allowed(`attentionMask of ${name}`, attentionMask), [
        shape.length === 3 ? shape[0] : 1,
        1,
        q,
        k,
      ]),
    )
  }
  if (paddingMask !== undefined && paddingMask !== null) {
    const { shape } = paddingMask
    if (shape.length !== 2 || shape[1] !== keys || (shape[0] !== batch && shape[0] !== 1))
      throw shapeError(`paddingMask of ${name}`, `[${batch}, ${keys}]`, formatShape(shape))
    masks.push(reshape(allowed(`paddingMask of ${name}`, paddingMask), [shape[0], 1, 1, keys]))
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
