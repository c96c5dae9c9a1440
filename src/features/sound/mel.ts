// The mel scale and its bank of triangular filters: bands as wide as hearing makes them.

import { argumentError } from '../../base/errors.js'

/**
 * `htk`: 2595 · log₁₀(1 + f / 700) (O'Shaughnessy 1987; the HTK Book). `slaney`: linear up to 1000 Hz, then
 * logarithmic (Slaney's Auditory Toolbox, 1998; librosa's default).
 */
export type MelScale = 'htk' | 'slaney'

const slaneyStep = 200 / 3
const slaneyBreak = 1000 / slaneyStep
const slaneyRate = Math.log(6.4) / 27

/**
 * Hertz as mels.
 *
 * @example
 * ```ts
 * sound.melsOf(700, 'htk') // 781.17
 * ```
 */
export function melsOf(hertz: number, scale: MelScale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hertz / 700)
  return hertz < 1000 ? hertz / slaneyStep : slaneyBreak + Math.log(hertz / 1000) / slaneyRate
}

/**
 * Mels as hertz.
 *
 * @example
 * ```ts
 * sound.hertzOf(15, 'slaney') // 1000
 * ```
 */
export function hertzOf(mels: number, scale: MelScale): number {
  if (scale === 'htk') return 700 * (10 ** (mels / 2595) - 1)
  return mels < slaneyBreak ? mels * slaneyStep : 1000 * Math.exp((mels - slaneyBreak) * slaneyRate)
}

/** What a bank of filters is made of. */
export interface MelBank {
  readonly sampleRate: number
  /** Points of the Fourier transform; the bank reads fft / 2 + 1 bins. */
  readonly fft: number
  readonly mels: number
  /** Hertz where the first filter begins. */
  readonly low: number
  /** Hertz where the last filter ends. */
  readonly high: number
  readonly scale: MelScale
  /** `slaney`: each filter has an area of 1; `none`: a height of 1. */
  readonly norm: 'none' | 'slaney'
}

/**
 * The filters' weights, [mels, fft / 2 + 1], row-major: triangles between points that lie evenly on
 * the mel scale. Same as `torchaudio.functional.melscale_fbanks`, transposed.
 *
 * @throws AthanorError ARGUMENT if low is not below high, or high is above half the sample rate.
 * @example
 * ```ts
 * const bank = { sampleRate: 8000, fft: 256, mels: 20, low: 0, high: 4000 }
 * sound.melFilters({ ...bank, scale: 'htk', norm: 'none' }).length // 20 · 129
 * ```
 */
export function melFilters({ sampleRate, fft, mels, low, high, scale, norm }: MelBank) {
  if (!(low >= 0 && low < high && high <= sampleRate / 2))
    throw argumentError(
      'melFilters',
      `0 ≤ low < high ≤ ${sampleRate / 2}, half the sample rate`,
      `${low} and ${high}`,
    )
  const [first, last] = [melsOf(low, scale), melsOf(high, scale)]
  const points = Array.from({ length: mels + 2 }, (_, i) =>
    hertzOf(first + ((last - first) * i) / (mels + 1), scale),
  )
  const bins = fft / 2 + 1
  const weights = new Float64Array(mels * bins)
  for (let m = 0; m < mels; m++) {
    const [from, peak, to] = points.slice(m, m + 3)
    const height = norm === 'slaney' ? 2 / (to - from) : 1
    for (let k = 0; k < bins; k++) {
      const hertz = (k * sampleRate) / fft
      const rise = (hertz - from) / (peak - from)
      const fall = (to - hertz) / (to - peak)
      weights[m * bins + k] = height * Math.max(0, Math.min(rise, fall))
    }
  }
  return weights
}
