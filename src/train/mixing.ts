// Batches of mixed samples: mixup (Zhang et al. 2017) and CutMix (Yun et al. 2019). Both mix the targets as
// they mix the samples, so that targets are one-hot or numbers, not class numbers.

import type { TypedArray } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { Random } from '../base/philox.js'
import { formatShape } from '../base/shape.js'
import { numberIn, wholeNumber } from '../base/value-kinds.js'
import type { Batch, BatchOrder, BatchSource } from './batches.js'

/** Options of `mixUp` and `cutMix`. */
export interface MixingOptions {
  /** Both parameters of the beta distribution of shares; small: mostly one of the two. Default: 0.2. */
  readonly alpha?: number
  /** The mixing is a function of it, the epoch and the batch. Default: 0. */
  readonly seed?: number
}

const mixingOptions = new OptionTable<MixingOptions>({
  alpha: numberIn({ above: 0 }),
  seed: wholeNumber({ min: 0 }),
})

/**
 * Batches in which each sample is mixed with another of its batch: share · a + (1 − share) · b, targets
 * too, one share a batch.
 *
 * @throws AthanorError ARGUMENT for targets or inputs that are no floats.
 * @example
 * ```ts
 * const source = {
 *   rows: 2,
 *   x: { shape: [1], dtype: 'float32' as const },
 *   y: { shape: [2], dtype: 'float32' as const },
 *   *batches() {
 *     yield { x: new Float32Array([1, 2]), y: new Float32Array([1, 0, 0, 1]), rows: 2 }
 *   },
 * }
 * const mixed = mixUp(source, { alpha: 0.4, seed: 1 })
 * ```
 */
export function mixUp(source: BatchSource, options?: MixingOptions): BatchSource {
  return mixing('mixUp', source, options, (batch, random, alpha) => {
    const share = beta(random, alpha)
    return blended(batch, partners(random, batch.rows), share)
  })
}

/**
 * Batches of pictures [height, width, channels] in which a rectangle of each comes from another of its
 * batch; the targets are mixed by area.
 *
 * @throws AthanorError ARGUMENT for samples that are no pictures, and targets that are no floats.
 * @example
 * ```ts
 * const pictures = {
 *   rows: 2,
 *   x: { shape: [2, 2, 1], dtype: 'float32' as const },
 *   y: { shape: [2], dtype: 'float32' as const },
 *   *batches() {
 *     yield { x: new Float32Array(8), y: new Float32Array([1, 0, 0, 1]), rows: 2 }
 *   },
 * }
 * const mixed = cutMix(pictures, { alpha: 1, seed: 1 })
 * ```
 */
export function cutMix(source: BatchSource, options?: MixingOptions): BatchSource {
  return mixing('cutMix', source, options, (batch, random, alpha) => {
    const [height, width, channels] = source.x.shape
    const cut = Math.sqrt(1 - beta(random, alpha))
    const [top, bottom] = interval(random, height, cut)
    const [left, right] = interval(random, width, cut)
    const share = 1 - ((bottom - top) * (right - left)) / (height * width)
    const partner = partners(random, batch.rows)
    const x = batch.x.slice() as TypedArray
    const size = height * width * channels
    for (let i = 0; i < batch.rows; i++)
      for (let row = top; row < bottom; row++) {
        const from = (row * width + left) * channels
        const to = (row * width + right) * channels
        const other = batch.x.subarray(partner[i] * size + from, partner[i] * size + to)
        x.set(other as never, i * size + from)
      }
    return { ...blended(batch, partner, share), x }
  })
}

type Mix = (batch: Batch, random: Random, alpha: number) => Batch

function mixing(
  name: 'mixUp' | 'cutMix',
  source: BatchSource,
  options: MixingOptions | undefined,
  mix: Mix,
): BatchSource {
  const { alpha = 0.2, seed = 0 } = mixingOptions.check(name, options)
  const { x, y, rows } = source
  if (x.dtype === 'int32' || x.dtype === 'bool' || y.dtype === 'int32' || y.dtype === 'bool')
    throw argumentError(
      name,
      'inputs and targets that are floats',
      `${x.dtype} and ${y.dtype}`,
      'Class numbers cannot be mixed: give one-hot targets',
    )
  if (name === 'cutMix' && x.shape.length !== 3)
    throw argumentError(name, 'pictures of shape [height, width, channels]', formatShape(x.shape))
  return {
    rows,
    x,
    y,
    async *batches(order: BatchOrder) {
      let number = order.from
      for await (const batch of source.batches(order)) {
        // A stream for each batch: a resumed epoch goes on with the same shares.
        const stream = Math.imul(order.epoch + 1, 0x9e3779b1) + number++
        yield mix(batch, new Random(seed, stream >>> 0), alpha)
      }
    },
  }
}

/** share · own + (1 − share) · partner's, for inputs and targets. */
function blended(batch: Batch, partner: ArrayLike<number>, share: number): Batch {
  const mixed = (values: TypedArray): TypedArray => {
    const width = values.length / batch.rows
    const out = values.slice() as TypedArray
    for (let i = 0; i < batch.rows; i++)
      for (let k = 0; k < width; k++) {
        const other = values[partner[i] * width + k]
        out[i * width + k] = share * values[i * width + k] + (1 - share) * other
      }
    return out
  }
  return { ...batch, x: mixed(batch.x), y: mixed(batch.y) }
}

function partners(random: Random, rows: number): Uint32Array {
  return random.shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
}

/** A random part of an axis: about `share` of it, around a random place, cut off at the ends. */
function interval(random: Random, length: number, share: number): [number, number] {
  const half = Math.floor(length * share) / 2
  const middle = random.integer(length)
  const clamp = (at: number) => Math.min(length, Math.max(0, Math.floor(at)))
  return [clamp(middle - half), clamp(middle + half)]
}

/** From the beta distribution with both parameters alpha, as a quotient of gammas. */
function beta(random: Random, alpha: number): number {
  const [a, b] = [gamma(random, alpha), gamma(random, alpha)]
  // Both underflow where alpha is tiny: then it is one end or the other.
  return a + b > 0 ? a / (a + b) : random.integer(2)
}

/** Marsaglia and Tsang 2000, "A simple method for generating gamma variables". */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random.uniform() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
    const normal = radius * Math.cos(2 * Math.PI * random.uniform())
    const v = (1 + c * normal) ** 3
    if (v <= 0) continue
    if (Math.log(1 - random.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
