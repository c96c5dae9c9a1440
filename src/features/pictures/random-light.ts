// Brightness and contrast: each value through one table.

import { pictureStep, share } from './picture-step.js'

/** Options of `augment.randomBrightness`. */
export interface RandomBrightnessOptions {
  /** The most that is added or taken away, as a share of white. Default 0.2. */
  readonly by?: number
}

/** Options of `augment.randomContrast`. */
export interface RandomContrastOptions {
  /** The most that distances from the mean grow or shrink, as a share. Default 0.2. */
  readonly by?: number
}

/** Each value v as offset + factor · v, clipped. */
function lighten(
  from: Uint8Array,
  to: Uint8Array,
  table: Uint8ClampedArray,
  offset: number,
  factor: number,
): boolean {
  for (let value = 0; value < 256; value++) table[value] = offset + factor * value
  for (let i = 0; i < from.length; i++) to[i] = table[from[i]]
  return true
}

/**
 * Makes a picture lighter or darker.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 1].
 * @example
 * ```ts
 * augment.randomBrightness({ by: 0.1 }).config() // { by: 0.1 }
 * ```
 */
export const randomBrightness = pictureStep<RandomBrightnessOptions>({
  name: 'randomBrightness',
  options: { by: share },
  defaults: { by: 0.2 },
  change: ({ by }) => {
    const table = new Uint8ClampedArray(256)
    return (from, to, _, draws) =>
      lighten(from, to, table, Math.round(255 * draws.between(-by, by)), 1)
  },
})

/**
 * Moves all values of a picture away from its mean, or towards it.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 1].
 * @example
 * ```ts
 * augment.randomContrast().config() // { by: 0.2 }
 * ```
 */
export const randomContrast = pictureStep<RandomContrastOptions>({
  name: 'randomContrast',
  options: { by: share },
  defaults: { by: 0.2 },
  change: ({ by }) => {
    const table = new Uint8ClampedArray(256)
    return (from, to, _, draws) => {
      const factor = 1 + draws.between(-by, by)
      let sum = 0
      for (let i = 0; i < from.length; i++) sum += from[i]
      return lighten(from, to, table, (1 - factor) * (sum / from.length), factor)
    }
  },
})
