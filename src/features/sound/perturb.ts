// Other recordings from one: faster or slower, louder or softer, brighter or duller, in noise (Ko et al. 2015 for speed).

import { OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import { resample } from '../../data/sound/resample.js'
import type { Sound } from '../../data/sound/sound.js'
import { type RowDraw, randomOf } from './row-random.js'

/** Options of `perturbSound`. Each is a largest change; 0 leaves that side alone. */
export interface PerturbOptions {
  /** Speed, and pitch with it, by up to this share, slower or faster. Default: 0.1. */
  readonly speed?: number
  /** Decibels louder or softer. Default: 6. */
  readonly gain?: number
  /**
   * Brighter or duller, as another microphone hears it: x[t] + a · x[t − 1] with |a| up to this.
   * Default: 0.5.
   */
  readonly colour?: number
  /** White noise at most this loud, as a share of the recording's own root mean square. Default: 0.1. */
  readonly noise?: number
}

export const perturbOptions = new OptionTable<PerturbOptions>({
  speed: numberIn({ min: 0, max: 0.5 }),
  gain: numberIn({ min: 0, max: 60 }),
  colour: numberIn({ min: 0, below: 1 }),
  noise: numberIn({ min: 0, max: 10 }),
})

/**
 * The recording at another speed (in steps of 1 %, by resampling), loudness, colour and level of noise,
 * drawn from seed, row and epoch alone.
 *
 * @throws AthanorError ARGUMENT for an option outside its range.
 * @example
 * ```ts
 * const word = { samples: new Float32Array(800).fill(0.1), sampleRate: 8000 }
 * sound.perturbSound(word, { seed: 0, row: 3, epoch: 1 }, { speed: 0.05 }).sampleRate // 8000
 * ```
 */
export function perturbSound(sound: Sound, draw: RowDraw, options: PerturbOptions = {}): Sound {
  const given = perturbOptions.check('perturbSound', options)
  const { speed = 0.1, gain = 6, colour = 0.5, noise = 0.1 } = given
  const random = randomOf(draw, 2)
  const between = (most: number) => (random.uniform() * 2 - 1) * most
  const percent = Math.round(between(speed) * 100)
  // Heard at its old rate, a recording resampled by 100 / 110 is 10 % faster.
  const { samples } = resample({ ...sound, sampleRate: 100 + percent }, 100)
  const factor = 10 ** (between(gain) / 20)
  const level = random.uniform() * noise * rootMeanSquare(samples)
  const tint = between(colour)
  const out = samples.map((x, t) => {
    const heard = tint === 0 || t === 0 ? x : x + tint * samples[t - 1]
    return factor * (heard + (level === 0 ? 0 : level * normal(random)))
  })
  return { samples: out, sampleRate: sound.sampleRate }
}

function rootMeanSquare(samples: Float32Array): number {
  let sum = 0
  for (const x of samples) sum += x * x
  return Math.sqrt(sum / Math.max(1, samples.length))
}

/** Box and Muller 1958, one of the pair. */
function normal(random: { uniform(): number }): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
}
