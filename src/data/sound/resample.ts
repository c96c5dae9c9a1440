// Another sample rate for a sound: band-limited interpolation by a windowed sinc, one short filter for
// each phase of the ratio (Smith, "Digital Audio Resampling", 1984–2020).

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, wholeNumber } from '../../base/value-kinds.js'
import type { Sound } from './sound.js'

/** Options of `resample`. */
export interface ResampleOptions {
  /** Zero crossings of the sinc on each side: more is sharper and slower. Default: 6. */
  readonly crossings?: number
  /** Where the filter ends, as a share of half the lower rate. Default: 0.99. */
  readonly rolloff?: number
}

const resampleOptions = new OptionTable<ResampleOptions>({
  crossings: wholeNumber({ min: 1, max: 256 }),
  rolloff: numberIn({ above: 0, max: 1 }),
})

/** 2³⁰: a day at 12 kHz, 4 GiB. */
const mostSamples = 2 ** 30

/** Weights of `first`, `first` + 1, … for one phase. */
interface Phase {
  readonly first: number
  readonly weights: Float64Array
}

/**
 * The sound at another rate, ⌈n · rate / from⌉ samples. Same filter as
 * `torchaudio.functional.resample` (sinc with a Hann window), added in float64.
 *
 * @throws AthanorError ARGUMENT if the rate is not a whole number from 1 to 2²⁴, or the ratio, in lowest
 * terms, is of more than 400,000 to 20,000, or the result would have more than 2³⁰ samples.
 * @example
 * ```ts
 * resample({ samples: new Float32Array(441), sampleRate: 44100 }, 8000).samples.length // 80
 * ```
 */
export function resample(sound: Sound, sampleRate: number, options: ResampleOptions = {}): Sound {
  const { crossings = 6, rolloff = 0.99 } = resampleOptions.check('resample', options)
  for (const rate of [sampleRate, sound.sampleRate])
    if (!(Number.isInteger(rate) && rate >= 1 && rate <= 2 ** 24))
      throw argumentError('resample', 'a sample rate from 1 to 2²⁴', String(rate))
  if (sampleRate === sound.sampleRate) return sound
  const { samples } = sound
  const shared = greatestCommonDivisor(sound.sampleRate, sampleRate)
  const from = sound.sampleRate / shared
  const to = sampleRate / shared
  if (to > 20_000 || from > 400_000)
    throw argumentError(
      'resample',
      'rates whose ratio has at most 20,000 phases, in at most 400,000 samples',
      `${sound.sampleRate} to ${sampleRate}`,
      'Take a rate that shares a larger divisor',
    )
  const length = Math.ceil((samples.length * to) / from)
  if (length > mostSamples)
    throw argumentError(
      'resample',
      `at most ${mostSamples} samples`,
      `${samples.length} at ${sound.sampleRate} Hz, which are ${length} at ${sampleRate}`,
    )
  const phases = phasesOf(from, to, crossings, rolloff)
  const out = new Float32Array(length)
  for (let i = 0; i < out.length; i++) {
    const { first, weights } = phases[i % to]
    const start = Math.floor(i / to) * from + first
    const low = Math.max(0, -start)
    const high = Math.min(weights.length, samples.length - start)
    let sum = 0
    for (let k = low; k < high; k++) sum += weights[k] * samples[start + k]
    out[i] = sum
  }
  return { samples: out, sampleRate }
}

function phasesOf(from: number, to: number, crossings: number, rolloff: number): Phase[] {
  const band = Math.min(from, to) * rolloff
  const reach = (crossings / band) * from
  return Array.from({ length: to }, (_, phase) => {
    const center = (phase * from) / to
    const first = Math.ceil(center - reach)
    const last = Math.floor(center + reach)
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) => {
      const t = ((first + k - center) / from) * band
      if (Math.abs(t) >= crossings) return 0
      const window = Math.cos((t * Math.PI) / crossings / 2) ** 2
      const sinc = t === 0 ? 1 : Math.sin(t * Math.PI) / (t * Math.PI)
      return (sinc * window * band) / from
    })
    return { first, weights }
  })
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
