// SpecAugment (Park et al. 2019): stretches of time and bands of features are blanked out, so that no
// single one is relied on.

import { OptionTable } from '../../base/options.js'
import { numberIn, wholeNumber } from '../../base/value-kinds.js'
import type { Frames } from './frames.js'
import { type RowDraw, randomOf } from './row-random.js'

/** Options of `specAugment`. */
export interface SpecAugmentOptions {
  /** Bands of features blanked. Default: 2. */
  readonly featureMasks?: number
  /** Widest band, as a share of the features. Default: 0.2. */
  readonly featureShare?: number
  /** Stretches of time blanked. Default: 2. */
  readonly timeMasks?: number
  /** Longest stretch, as a share of the frames. Default: 0.1. */
  readonly timeShare?: number
}

export const specAugmentOptions = new OptionTable<SpecAugmentOptions>({
  featureMasks: wholeNumber({ min: 0, max: 100 }),
  featureShare: numberIn({ min: 0, max: 1 }),
  timeMasks: wholeNumber({ min: 0, max: 100 }),
  timeShare: numberIn({ min: 0, max: 1 }),
})

/**
 * A copy with bands and stretches of 0, which is the mean of normalised features. Widths are drawn
 * evenly from 0 to the widest. What is drawn depends on seed, row and epoch alone.
 *
 * @throws AthanorError ARGUMENT for an option outside its range.
 * @example
 * ```ts
 * const frames = { frames: 4, size: 2, values: new Float32Array(8).fill(1) }
 * sound.specAugment(frames, { seed: 0, row: 3, epoch: 1 }, { timeShare: 0.5 })
 * ```
 */
export function specAugment(
  features: Frames,
  draw: RowDraw,
  options: SpecAugmentOptions = {},
): Frames {
  const given = specAugmentOptions.check('specAugment', options)
  const { featureMasks = 2, featureShare = 0.2, timeMasks = 2, timeShare = 0.1 } = given
  const { frames, size } = features
  const values = features.values.slice()
  const random = randomOf(draw, 1)
  const stretch = (length: number, share: number): [from: number, to: number] => {
    const width = random.integer(Math.floor(length * share) + 1)
    const from = random.integer(length - width + 1)
    return [from, from + width]
  }
  for (let i = 0; i < featureMasks; i++) {
    const [from, to] = stretch(size, featureShare)
    for (let t = 0; t < frames; t++) values.fill(0, t * size + from, t * size + to)
  }
  for (let i = 0; i < timeMasks; i++) {
    const [from, to] = stretch(frames, timeShare)
    values.fill(0, from * size, to * size)
  }
  return { frames, size, values }
}
