// Recordings as features: short-time Fourier transform, power, mel bands, cepstra. All frames of all
// recordings pass through the engine in blocks of one size, so that a recording's features are the same
// bits alone or among others.

import { argumentError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, oneOf, wholeNumber } from '../../base/value-kinds.js'
import { resample } from '../../data/sound/resample.js'
import type { Sound } from '../../data/sound/sound.js'
import { type Compiled, compile } from '../../tensor/compile.js'
import { add, log, matmul, maximum, sqrt, square } from '../../tensor/operations.js'
import { slice } from '../../tensor/structure.js'
import { type Tensor, tensor } from '../../tensor/tensor.js'
import { withDeltas } from './deltas.js'
import type { Frames } from './frames.js'
import { type MelScale, melFilters } from './mel.js'

/**
 * What is computed from a frame. `stft`: real parts, then imaginary ones, of bins 0 to fft / 2;
 * `magnitude` and `power` of those bins; `mel`: power in mel bands; `logMel`: its natural logarithm;
 * `mfcc`: the first `coefficients` of logMel's cosine transform.
 */
export type SoundFeatureKind = (typeof kinds)[number]

const kinds = ['stft', 'magnitude', 'power', 'mel', 'logMel', 'mfcc'] as const

/** Options of `SoundFeatures`. */
export interface SoundFeatureOptions {
  /** Default: logMel. */
  readonly kind?: SoundFeatureKind
  /** Samples a second; recordings of another rate are resampled. Default: 16000. */
  readonly sampleRate?: number
  /** Seconds of a frame, under a Hann window. Default: 0.025. */
  readonly window?: number
  /** Seconds from one frame to the next. Default: 0.01. */
  readonly hop?: number
  /** Points of the Fourier transform. Default: the power of two from the window on. */
  readonly fft?: number
  /** Mel bands. Default: 40. */
  readonly mels?: number
  /** Default: htk. */
  readonly scale?: MelScale
  /** Height or area of a mel filter is 1. Default: none (height). */
  readonly norm?: 'none' | 'slaney'
  /** Hertz where the bands begin. Default: 20. */
  readonly low?: number
  /** Hertz where the bands end. Default: half the sample rate. */
  readonly high?: number
  /** Cepstral coefficients of `mfcc`. Default: 13. */
  readonly coefficients?: number
  /** Slopes appended: 0, 1 or 2 orders. Default: 0. */
  readonly deltas?: number
  /** x[t] − a · x[t − 1] before all else. Default: 0. */
  readonly preEmphasis?: number
}

const soundFeatureOptions = new OptionTable<SoundFeatureOptions>({
  kind: oneOf(kinds),
  sampleRate: wholeNumber({ min: 100, max: 2 ** 24 }),
  window: numberIn({ above: 0, max: 10 }),
  hop: numberIn({ above: 0, max: 10 }),
  fft: wholeNumber({ min: 2, max: 65536 }),
  mels: wholeNumber({ min: 1, max: 1024 }),
  scale: oneOf(['htk', 'slaney']),
  norm: oneOf(['none', 'slaney']),
  low: numberIn({ min: 0 }),
  high: numberIn({ above: 0 }),
  coefficients: wholeNumber({ min: 1, max: 1024 }),
  deltas: wholeNumber({ min: 0, max: 2 }),
  preEmphasis: numberIn({ min: 0, max: 1 }),
})

/** Numbers of the matrix that makes spectra: 2²⁶, half a gigabyte while it is made. */
const largestTransform = 2 ** 26

/** Frames of one run of the engine. */
const blockFrames = 512

/** Logarithms are of this or more. */
const floor = 1e-10

/**
 * Turns recordings into features on the engine, with the same bits for a recording alone or in a
 * batch. Frames begin at 0, hop, 2 · hop, …, while they lie inside; a recording shorter than a frame
 * is filled up with silence, and one of no samples has no frames.
 *
 * @throws AthanorError ARGUMENT for an option outside its range, bands that do not fit the rate, or a window so
 * long that its transform takes gigabytes.
 * @example
 * ```ts
 * const features = new sound.SoundFeatures({ sampleRate: 8000, mels: 20 })
 * const second = { samples: new Float32Array(8000), sampleRate: 8000 }
 * const [{ frames, size }] = await features.of([second])
 * console.log(frames, size) // 98 20
 * ```
 */
export class SoundFeatures {
  /** With all defaults filled in. */
  readonly options: Required<SoundFeatureOptions>
  /** Samples of a frame. */
  readonly windowSize: number
  /** Samples from frame to frame. */
  readonly hopSize: number
  /** Numbers of a frame, deltas included. */
  readonly size: number
  private transform: Compiled<[Tensor], Tensor> | undefined

  constructor(options: SoundFeatureOptions = {}) {
    const given = soundFeatureOptions.check('SoundFeatures', options)
    const { sampleRate = 16000, window = 0.025, hop = 0.01, mels = 40 } = given
    this.windowSize = Math.max(2, Math.round(window * sampleRate))
    this.hopSize = Math.max(1, Math.round(hop * sampleRate))
    const { fft = 2 ** Math.ceil(Math.log2(this.windowSize)) } = given
    if (fft < this.windowSize || fft % 2 !== 0)
      throw argumentError(
        'SoundFeatures',
        `an even fft of at least the window's ${this.windowSize} samples`,
        String(fft),
      )
    if (this.windowSize * fft > largestTransform)
      throw argumentError(
        'SoundFeatures',
        `a window and an fft of at most ${largestTransform} samples when multiplied`,
        `${this.windowSize} and ${fft}`,
        'Take a shorter window or a lower sampleRate',
      )
    const { high = sampleRate / 2, coefficients = Math.min(13, mels) } = given
    this.options = {
      kind: 'logMel',
      scale: 'htk',
      norm: 'none',
      low: 20,
      deltas: 0,
      preEmphasis: 0,
      ...given,
      ...{ sampleRate, window, hop, fft, mels, high, coefficients },
    }
    if (coefficients > mels)
      throw argumentError('SoundFeatures', `at most ${mels} coefficients`, String(coefficients))
    melFilters(this.options)
    this.size = this.plainSize * (1 + this.options.deltas)
  }

  /** From `JSON.stringify`; throws FORMAT for anything else. */
  static fromJson(reader: JsonReader): SoundFeatures {
    try {
      return new SoundFeatures(reader.value as SoundFeatureOptions)
    } catch (error) {
      reader.fail('settings of sound features', (error as Error).message)
    }
  }

  toJSON(): Required<SoundFeatureOptions> {
    return this.options
  }

  private get plainSize(): number {
    const { kind, fft, mels, coefficients } = this.options
    if (kind === 'mfcc') return coefficients
    if (kind === 'mel' || kind === 'logMel') return mels
    return kind === 'stft' ? fft + 2 : fft / 2 + 1
  }

  /** Frames of a recording of so many samples at this object's rate. */
  framesOf(samples: number): number {
    if (samples === 0) return 0
    return Math.max(0, Math.floor((samples - this.windowSize) / this.hopSize)) + 1
  }

  /** Features of each recording. */
  async of(recordings: readonly Sound[]): Promise<Frames[]> {
    const { sampleRate, deltas } = this.options
    const signals = recordings.map(recording => this.emphasized(resample(recording, sampleRate)))
    const counts = signals.map(signal => this.framesOf(signal.length))
    const out = counts.map(count => new Float32Array(count * this.plainSize))
    const places = counts.flatMap((count, r) => Array.from({ length: count }, (_, t) => [r, t]))
    for (let from = 0; from < places.length; from += blockFrames) {
      const block = places.slice(from, from + blockFrames)
      const values = new Float32Array(blockFrames * this.windowSize)
      block.forEach(([r, t], i) => {
        const start = t * this.hopSize
        values.set(signals[r].subarray(start, start + this.windowSize), i * this.windowSize)
      })
      const frames = tensor(values, { shape: [blockFrames, this.windowSize] })
      const result = await this.engine()(frames).data()
      block.forEach(([r, t], i) => {
        const row = result.subarray(i * this.plainSize, (i + 1) * this.plainSize) as Float32Array
        out[r].set(row, t * this.plainSize)
      })
    }
    return out.map((values, r) =>
      withDeltas({ frames: counts[r], size: this.plainSize, values }, deltas),
    )
  }

  private emphasized({ samples }: Sound): Float32Array {
    const { preEmphasis: share } = this.options
    return share === 0 ? samples : samples.map((x, i) => x - share * (samples[i - 1] ?? 0))
  }

  private engine(): Compiled<[Tensor], Tensor> {
    if (this.transform !== undefined) return this.transform
    const { kind, fft, mels, coefficients } = this.options
    const bins = fft / 2 + 1
    const weights = (values: Float64Array, shape: [number, number]) =>
      tensor(values, { shape, dtype: 'float32' })
    const fourier = weights(fourierMatrix(this.windowSize, fft), [this.windowSize, 2 * bins])
    const bank = weights(transposed(melFilters(this.options), mels, bins), [bins, mels])
    const cosines = weights(cosineMatrix(mels, coefficients), [mels, coefficients])
    this.transform = compile((frames: Tensor) => {
      const spectrum = matmul(frames, fourier)
      if (kind === 'stft') return spectrum
      const half = (part: number) => square(slice(spectrum, null, [part * bins, (part + 1) * bins]))
      const power = add(half(0), half(1))
      if (kind === 'power') return power
      if (kind === 'magnitude') return sqrt(power)
      const mel = matmul(power, bank)
      if (kind === 'mel') return mel
      const logMel = log(maximum(mel, floor))
      return kind === 'logMel' ? logMel : matmul(logMel, cosines)
    })
    return this.transform
  }
}

/** [window, 2 · bins]: cosines, then −sines, each under a Hann window (periodic, as of torch). */
function fourierMatrix(window: number, fft: number): Float64Array {
  const bins = fft / 2 + 1
  const out = new Float64Array(window * 2 * bins)
  for (let n = 0; n < window; n++) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / window)
    for (let k = 0; k < bins; k++) {
      // Whole turns are taken off first, so that large products lose no digits.
      const angle = (2 * Math.PI * ((n * k) % fft)) / fft
      out[n * 2 * bins + k] = hann * Math.cos(angle)
      out[n * 2 * bins + bins + k] = -hann * Math.sin(angle)
    }
  }
  return out
}

/** The orthonormal discrete cosine transform of type II, [mels, coefficients]. */
function cosineMatrix(mels: number, coefficients: number): Float64Array {
  const out = new Float64Array(mels * coefficients)
  for (let m = 0; m < mels; m++)
    for (let c = 0; c < coefficients; c++) {
      const scale = Math.sqrt((c === 0 ? 1 : 2) / mels)
      out[m * coefficients + c] = scale * Math.cos((Math.PI / mels) * (m + 0.5) * c)
    }
  return out
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(values.length)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c]
  return out
}
