// Batches of mixed samples: mixup (Zhang et al. 2017) and CutMix (Yun et al. 2019). Both mix the targets as
// they mix the samples: class numbers become shares of classes.

import { isFloat, type TypedArray } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { Random } from '../base/philox.js'
import { formatShape } from '../base/shape.js'
import { numberIn, valueWords, wholeNumber } from '../base/value-kinds.js'
import { type Batch, type BatchOrder, type BatchSource, isBatchSource } from './batches.js'
import { beta, interval, partners } from './mixing-draws.js'
import { MixedTargets, type Mixture, mixedRows } from './mixing-targets.js'

/** Options of `mixUp` and `cutMix`. */
export interface MixingOptions {
  /**
   * Both parameters of the beta distribution of shares; small: mostly one of the two. Default: 0.2 for
   * `mixUp`, 1 for `cutMix`, as in the papers.
   */
  readonly alpha?: number
  /** The mixing is a function of it, the epoch and the batch. Default: 0. */
  readonly seed?: number
  /** Number of classes, where targets are class numbers. Default: what the source says, as `PictureBatches` does. */
  readonly classes?: number
}

/** A source that may say how many classes its targets have. */
export interface MixableSource extends BatchSource {
  readonly classes?: number
}

const mixingOptions = new OptionTable<MixingOptions>({
  alpha: numberIn({ above: 0 }),
  seed: wholeNumber({ min: 0 }),
  classes: wholeNumber({ min: 1 }),
})

/**
 * Batches in which each sample is mixed with another of its batch: share · a + (1 − share) · b, targets
 * too, one share a batch. Class numbers become shares of classes, [batch, classes]: the loss is
 * `categoricalCrossentropy`, and `accuracy` counts the class of the greater share, as Keras does. Validate on
 * batches that are not mixed, with one-hot targets (`PictureBatches` has `oneHot`).
 *
 * @throws AthanorError ARGUMENT for something that is no source of one input and one target, inputs that are no
 * floats, class numbers of classes nobody has counted, an unknown option or a value that is not taken.
 * @example
 * ```ts
 * const source = {
 *   rows: 2,
 *   x: { shape: [1], dtype: 'float32' as const },
 *   y: { shape: [], dtype: 'int32' as const },
 *   *batches() {
 *     yield { x: new Float32Array([1, 2]), y: new Int32Array([0, 2]), rows: 2 }
 *   },
 * }
 * const mixed = mixUp(source, { classes: 3, alpha: 0.4, seed: 1 })
 * mixed.y // { shape: [3], dtype: 'float32' }
 * ```
 */
export function mixUp(source: MixableSource, options?: MixingOptions): MixableSource {
  return mixing('mixUp', source, options, 0.2, ({ x, rows }, random, alpha) => {
    const share = beta(random, alpha)
    const partner = partners(random, rows)
    return { x: mixedRows(x, rows, partner, () => share), partner, share }
  })
}

/**
 * Batches of pictures [height, width, channels] in which a rectangle of each comes from another of its
 * batch; the targets are mixed by area, as those of `mixUp` are.
 *
 * @throws AthanorError ARGUMENT for samples that are no pictures, and whatever `mixUp` refuses.
 * @example
 * ```ts
 * const pixels = Uint8Array.from({ length: 8 }, (_, i) => 30 * i)
 * const pictures = PictureDataset.fromPixels(pixels, [2, 2, 1], Int32Array.of(0, 1), ['a', 'b'])
 * const scaler = new augment.PictureScaler({ mean: [0.5], std: [0.5] })
 * const mixed = cutMix(new PictureBatches(pictures, Uint32Array.of(0, 1), { scaler }), { seed: 1 })
 * mixed.y // { shape: [2], dtype: 'float32' }
 * ```
 */
export function cutMix(source: MixableSource, options?: MixingOptions): MixableSource {
  return mixing('cutMix', source, options, 1, (batch, random, alpha) => {
    const [height, width, channels] = batch.xShape ?? source.x.shape
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
    return { x, partner, share }
  })
}

type Mix = (batch: Batch, random: Random, alpha: number) => Mixture & { readonly x: TypedArray }

function mixing(
  name: 'mixUp' | 'cutMix',
  source: MixableSource,
  options: MixingOptions | undefined,
  usual: number,
  mix: Mix,
): MixableSource {
  const { alpha = usual, seed = 0, classes } = mixingOptions.check(name, options)
  const { x, y, rows, classes: known } = checkedSource(name, source)
  const targets = new MixedTargets(name, y, classes ?? known)
  return {
    rows,
    x,
    y: targets.type,
    ...(targets.classes === undefined ? {} : { classes: targets.classes }),
    async *batches(order: BatchOrder) {
      let number = order.from
      for await (const batch of source.batches(order)) {
        // A stream for each batch: a resumed epoch goes on with the same shares.
        const stream = Math.imul(order.epoch + 1, 0x9e3779b1) + number++
        const { x: mixed, ...mixture } = mix(batch, new Random(seed, stream >>> 0), alpha)
        yield { ...batch, x: mixed, ...targets.mixed(batch, mixture) }
      }
    },
  }
}

function checkedSource(name: 'mixUp' | 'cutMix', source: MixableSource): MixableSource {
  if (!isBatchSource(source))
    throw argumentError(name, 'a source of batches, such as PictureBatches', valueWords(source))
  const { x, y } = source
  if (!Array.isArray(x?.shape) || !Array.isArray(y?.shape))
    throw argumentError(
      name,
      'a source of one input and one target, each { shape, dtype }',
      'several, or none',
    )
  if (!isFloat(x.dtype)) throw argumentError(name, 'inputs that are floats', x.dtype)
  if (name === 'cutMix' && x.shape.length !== 3)
    throw argumentError(name, 'pictures of shape [height, width, channels]', formatShape(x.shape))
  return source
}
