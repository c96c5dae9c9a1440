// A list of augmentations over batches of pictures, and pictures as the numbers that a net takes.

import { argumentError } from '../../base/errors.js'
import { valueWords } from '../../base/value-kinds.js'
import type { ChannelStatistics, PictureShape } from '../../data/pictures/index.js'
import { requireBytes, requirePictureShape } from '../../data/pictures/picture-shape.js'
import type { PictureAugmentation } from './augmentation.js'
import { PictureDraws } from './draws.js'

/**
 * Augments pictures, one step of a list after the other: a function of (seed, row, epoch) alone, so that the
 * same pictures come out at any number of workers and after a resume.
 *
 * @example
 * ```ts
 * const augmenter = new augment.PictureAugmenter([augment.randomFlip()], [28, 28, 1], 7)
 * const pixels = new Uint8Array(28 * 28) // one grey picture
 * augmenter.apply(pixels, Uint32Array.of(0), 3) // in place: picture 0 as it is seen in epoch 3
 * ```
 */
export class PictureAugmenter {
  private readonly draws: PictureDraws
  private readonly one: Uint8Array
  private readonly other: Uint8Array

  /**
   * @throws AthanorError ARGUMENT for steps that are none, a shape that is no [height, width, channels], a seed
   * that is no whole number from 0.
   */
  constructor(
    readonly steps: readonly PictureAugmentation[],
    readonly shape: PictureShape,
    seed: number,
  ) {
    if (!Array.isArray(steps) || !steps.every(isStep))
      throw argumentError(
        'PictureAugmenter',
        'a list of augmentations, such as [augment.randomFlip()]',
        valueWords(steps),
        "augment.augmentationsNamed('flip,crop', shape) makes a list from names",
      )
    requirePictureShape('PictureAugmenter', shape)
    const size = shape[0] * shape[1] * shape[2]
    this.draws = new PictureDraws(seed)
    this.one = new Uint8Array(size)
    this.other = new Uint8Array(size)
  }

  /**
   * Changes the pictures of these rows in place; returns them.
   *
   * @throws AthanorError ARGUMENT where there are not as many pictures as rows, or the epoch is no whole number
   * from 0.
   */
  apply(pixels: Uint8Array, rows: Uint32Array, epoch: number): Uint8Array {
    const { steps, shape, draws } = this
    const size = this.one.length
    requireBytes('PictureAugmenter.apply', pixels)
    if (!(rows instanceof Uint32Array))
      throw argumentError('PictureAugmenter.apply', 'rows as a Uint32Array', valueWords(rows))
    if (!Number.isSafeInteger(epoch) || epoch < 0)
      throw argumentError('PictureAugmenter.apply', 'an epoch from 0', valueWords(epoch))
    if (pixels.length !== rows.length * size)
      throw argumentError(
        'PictureAugmenter.apply',
        `${rows.length} pictures of ${shape.join(' × ')}`,
        `${pixels.length} values`,
      )
    if (steps.length === 0) return pixels
    for (let i = 0; i < rows.length; i++) {
      const place = pixels.subarray(i * size, (i + 1) * size)
      let now = place
      let next = this.one
      for (let step = 0; step < steps.length; step++) {
        draws.begin(rows[i], epoch, step)
        if (!steps[step].apply(now, next, shape, draws)) continue
        now = next
        next = next === this.one ? this.other : this.one
      }
      if (now !== place) place.set(now)
    }
    return pixels
  }
}

function isStep(value: unknown): boolean {
  return typeof (value as PictureAugmentation | null)?.apply === 'function'
}

/**
 * Pixels as numbers of mean 0 and standard deviation 1, channel by channel: (value / 255 − mean) / std.
 *
 * @example
 * ```ts
 * const scaler = new augment.PictureScaler({ mean: [0.5], std: [0.25] })
 * scaler.apply(Uint8Array.of(0, 255)) // Float32Array [-2, 2]
 * ```
 */
export class PictureScaler {
  /** The number of each value, channel by channel. */
  private readonly tables: readonly Float32Array[]

  /** @throws AthanorError ARGUMENT for a mean that is no number, or a std that is not above 0. */
  constructor(readonly statistics: ChannelStatistics) {
    const { mean, std } = statistics ?? {}
    if (
      !Array.isArray(mean) ||
      !Array.isArray(std) ||
      mean.length === 0 ||
      mean.length !== std.length ||
      !mean.every(Number.isFinite) ||
      !std.every(value => Number.isFinite(value) && value > 0)
    )
      throw argumentError(
        'PictureScaler',
        'a mean, and a standard deviation above 0, for each channel',
        JSON.stringify({ mean, std }),
      )
    this.tables = mean.map((value, c) =>
      Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - value) / std[c]),
    )
  }

  /** @throws AthanorError ARGUMENT for anything but whole pixels, a byte for each channel. */
  apply(pixels: Uint8Array): Float32Array {
    const { tables } = this
    requireBytes('PictureScaler.apply', pixels)
    if (pixels.length % tables.length !== 0)
      throw argumentError(
        'PictureScaler.apply',
        `pixels of ${tables.length} channels`,
        `${pixels.length} values`,
      )
    const out = new Float32Array(pixels.length)
    if (tables.length === 1) {
      const [table] = tables
      for (let i = 0; i < pixels.length; i++) out[i] = table[pixels[i]]
      return out
    }
    const channels = tables.length
    for (let c = 0; c < channels; c++) {
      const table = tables[c]
      for (let i = c; i < pixels.length; i += channels) out[i] = table[pixels[i]]
    }
    return out
  }
}
