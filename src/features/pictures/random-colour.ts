// Saturation and hue: each pixel through one 3 × 3 matrix. Grey pictures stay as they are.

import { numberIn } from '../../base/value-kinds.js'
import { pictureStep, share } from './picture-step.js'

/** Options of `augment.randomSaturation`. */
export interface RandomSaturationOptions {
  /** The most that colours become stronger or weaker, as a share. Default 0.2. */
  readonly by?: number
}

/** Options of `augment.randomHue`. */
export interface RandomHueOptions {
  /** The most that colours turn round their circle, as a share of it. Default 0.05. */
  readonly by?: number
}

/** Luminance of red, green and blue (Rec. 601). */
const luminance = [0.299, 0.587, 0.114] as const

/** `m` [3 × 3] times each pixel, clipped. */
function mix(from: Uint8Array, to: Uint8Array, m: Float64Array): boolean {
  for (let i = 0; i < from.length; i += 3) {
    const r = from[i]
    const g = from[i + 1]
    const b = from[i + 2]
    for (let c = 0; c < 3; c++) {
      const value = m[3 * c] * r + m[3 * c + 1] * g + m[3 * c + 2] * b
      to[i + c] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5
    }
  }
  return true
}

/**
 * Makes the colours of a picture stronger or weaker.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 1].
 * @example
 * ```ts
 * augment.randomSaturation().config() // { by: 0.2 }
 * ```
 */
export const randomSaturation = pictureStep<RandomSaturationOptions>({
  name: 'randomSaturation',
  options: { by: share },
  defaults: { by: 0.2 },
  change: ({ by }) => {
    const matrix = new Float64Array(9)
    return (from, to, [, , channels], draws) => {
      const factor = 1 + draws.between(-by, by)
      if (channels !== 3) return false
      for (let c = 0; c < 3; c++)
        for (let k = 0; k < 3; k++)
          matrix[3 * c + k] = (1 - factor) * luminance[k] + (c === k ? factor : 0)
      return mix(from, to, matrix)
    }
  },
})

/**
 * Turns the colours of a picture round their circle; greys stay.
 *
 * @throws AthanorError ARGUMENT for an unknown option, or a share outside [0, 0.5].
 * @example
 * ```ts
 * augment.randomHue({ by: 0.1 }).config() // { by: 0.1 }
 * ```
 */
export const randomHue = pictureStep<RandomHueOptions>({
  name: 'randomHue',
  options: { by: numberIn({ min: 0, max: 0.5 }) },
  defaults: { by: 0.05 },
  change: ({ by }) => {
    const matrix = new Float64Array(9)
    return (from, to, [, , channels], draws) => {
      const angle = 2 * Math.PI * draws.between(-by, by)
      if (channels !== 3) return false
      // A turn about the axis of greys (Rodrigues): red, green and blue sum to what they did.
      const cos = Math.cos(angle)
      const sin = Math.sin(angle) / Math.sqrt(3)
      const even = (1 - cos) / 3
      for (let c = 0; c < 3; c++) {
        matrix[3 * c + c] = cos + even
        matrix[3 * c + ((c + 1) % 3)] = even - sin
        matrix[3 * c + ((c + 2) % 3)] = even + sin
      }
      return mix(from, to, matrix)
    }
  },
})
