// Which steps of a sequence count. A mask belongs to a tensor [batch, steps, …]: layers that keep the
// steps hand it on, recurrent layers pass over the steps it leaves out, losses and metrics do not count
// them. As in Keras, nothing of it is seen in user code.

import { argumentError, shapeError } from '../base/errors.js'
import { formatShape } from '../base/shape.js'
import { cast, div, less, maximum, mul, notEqual, sum, where } from '../tensor/operations.js'
import { reshape } from '../tensor/structure.js'
import { asTensor, knownValues, Tensor, type TensorLike, tensor } from '../tensor/tensor.js'

const masks = new WeakMap<Tensor, Tensor>()

/**
 * The mask that a tensor carries: bool [batch, steps], true where a step counts; null without one.
 *
 * @example
 * ```ts
 * const words = layers.embedding({ inputDim: 1000, outputDim: 16, maskZero: true })
 * maskOf(words.forward(tensor([[4, 7, 0]], { dtype: 'int32' })))!.arraySync() // [[true, true, false]]
 * ```
 */
export function maskOf(x: Tensor): Tensor | null {
  return masks.get(x) ?? null
}

/**
 * `x` [batch, steps, …] as a tensor that carries a mask: 1 or true where a step counts. The tensor given
 * stays without.
 *
 * @throws AthanorError SHAPE for a mask of another shape than [batch, steps]; ARGUMENT for NaN in it.
 * @example
 * ```ts
 * const x = random.normal([2, 5, 3])
 * const padded = withMask(x, lengthMask([3, 5], 5))
 * layers.lstm({ units: 4 }).forward(padded).shape // [2, 4]
 * ```
 */
export function withMask(x: TensorLike, mask: TensorLike): Tensor {
  const t = asTensor(x)
  const given = asTensor(mask)
  if (given.rank !== 2 || given.shape.some((n, i) => n !== t.shape[i]))
    throw shapeError(
      'withMask',
      `a mask of shape ${formatShape(t.shape.slice(0, 2))}`,
      formatShape(given.shape),
    )
  if (knownValues(given)?.some(Number.isNaN))
    throw argumentError('withMask', 'true or 1 where a step counts, false or 0 elsewhere', 'NaN')
  const masked = new Tensor(t.node)
  masks.set(masked, given.dtype === 'bool' ? given : notEqual(given, 0))
  return masked
}

/**
 * The mask [batch, steps] of sequences by their lengths: true for the first `lengths[b]` steps of row b.
 *
 * @param lengths one whole number a row, 0 to `steps`
 * @param steps how many steps the padded sequences have
 * @throws AthanorError SHAPE for lengths that are no list; ARGUMENT for steps that are no whole number ≥ 1, and
 * for lengths that are no whole numbers from 0 to `steps` where they are known.
 * @example
 * ```ts
 * lengthMask([1, 3], 3).arraySync() // [[true, false, false], [true, true, true]]
 * ```
 */
export function lengthMask(lengths: TensorLike, steps: number): Tensor {
  if (!Number.isInteger(steps) || steps < 1)
    throw argumentError('lengthMask', 'a whole number of steps ≥ 1', String(steps))
  const given = asTensor(lengths)
  if (given.rank !== 1)
    throw shapeError('lengthMask', 'lengths of shape [batch]', formatShape(given.shape))
  const wrong = knownValues(given)?.find(n => !Number.isInteger(n) || n < 0 || n > steps)
  if (wrong !== undefined)
    throw argumentError('lengthMask', `whole numbers of steps from 0 to ${steps}`, String(wrong))
  return firstOf(given, steps)
}

/** @internal `lengthMask` of a tensor [batch], for 0 steps too. */
export function firstOf(lengths: Tensor, steps: number): Tensor {
  const positions = tensor(Int32Array.from({ length: steps }, (_, i) => i))
  return less(positions, reshape(cast(lengths, 'int32'), [lengths.shape[0], 1]))
}

/**
 * @internal The mask of a prediction in the shape of values that it was made into, ones added behind its
 * steps; null where there is none, or where the values have no such steps.
 */
export function maskFor(values: Tensor, prediction: TensorLike): Tensor | null {
  const mask = prediction instanceof Tensor ? maskOf(prediction) : null
  if (mask === null || values.rank < 2 || mask.shape.some((n, i) => n !== values.shape[i]))
    return null
  return reshape(mask, [...mask.shape, ...values.shape.slice(2).map(() => 1)])
}

/** @internal Mean over the steps that count; 0 where none does. `mask` is broadcast against the values. */
export function maskedMean(values: Tensor, mask: Tensor): Tensor {
  const others = values.size / Math.max(1, mask.size)
  const count = mul(sum(cast(mask, values.dtype)), others)
  return div(sum(where(mask, values, 0)), maximum(count, 1))
}

/** @internal Gives the result of a layer its mask. */
export function attachMask(y: Tensor, mask: Tensor): void {
  masks.set(y, mask)
}
