// Features moved and scaled to mean 0 and deviation 1, by a recording's own numbers or by those of all
// training recordings.

import type { Frames } from './frames.js'

export const soundScalings = ['training', 'mean', 'recording'] as const

/**
 * Whose numbers features are scaled by: means and deviations of all training recordings; each recording's own mean, which
 * takes a microphone and a loudness away, with the deviations of all (cepstral mean normalisation, Atal 1974); or its own
 * mean and deviation.
 */
export type SoundScaling = (typeof soundScalings)[number]

/** Mean and deviation of each feature; `mean` null: each recording's own. */
export interface FeatureScaling {
  readonly mean: readonly number[] | null
  readonly deviation: readonly number[]
}

/**
 * Mean and deviation of each feature over all frames, in float64. A feature that never changes gets
 * the deviation 1; no frames at all give mean 0.
 *
 * @example
 * ```ts
 * sound.scalingOf([{ frames: 2, size: 1, values: Float32Array.of(1, 3) }]).mean // [2]
 * ```
 */
export function scalingOf(recordings: Iterable<Frames>) {
  let count = 0
  let mean: number[] = []
  let squares: number[] = []
  for (const { frames, size, values } of recordings) {
    if (mean.length === 0) {
      mean = new Array(size).fill(0)
      squares = new Array(size).fill(0)
    }
    // Welford 1962: one pass, no cancellation.
    for (let t = 0; t < frames; t++) {
      count++
      for (let f = 0; f < size; f++) {
        const x = values[t * size + f]
        const d = x - mean[f]
        mean[f] += d / count
        squares[f] += d * (x - mean[f])
      }
    }
  }
  const deviation = squares.map(s => {
    const d = Math.sqrt(s / Math.max(1, count))
    return d > 1e-8 ? d : 1
  })
  return { mean: mean as readonly number[], deviation: deviation as readonly number[] }
}

/**
 * The scaling that recordings are normalised by, from those of the training part; null: each by its own numbers.
 *
 * @example
 * ```ts
 * const recordings = [{ frames: 2, size: 1, values: Float32Array.of(5, 9) }]
 * sound.scalingFor('mean', recordings) // { mean: null, deviation: [2] }
 * ```
 */
export function scalingFor(
  kind: SoundScaling,
  recordings: readonly Frames[],
): FeatureScaling | null {
  if (kind === 'recording') return null
  if (kind === 'training') return scalingOf(recordings)
  const unchanged = recordings[0] ? new Array<number>(recordings[0].size).fill(1) : []
  const centred = recordings.map(frames => normalized(frames, { mean: null, deviation: unchanged }))
  return { mean: null, deviation: scalingOf(centred).deviation }
}

/**
 * (x − mean) / deviation; by the recording's own numbers unless others are given.
 *
 * @example
 * ```ts
 * const frames = { frames: 2, size: 1, values: Float32Array.of(1, 3) }
 * sound.normalized(frames).values // Float32Array [-1, 1]
 * ```
 */
export function normalized(features: Frames, scaling?: FeatureScaling | null): Frames {
  const { size, values } = features
  const own = scaling?.mean ? undefined : scalingOf([features])
  const mean = scaling?.mean ?? own?.mean ?? []
  const deviation = scaling?.deviation ?? own?.deviation ?? []
  const out = new Float32Array(values.length)
  for (let i = 0; i < out.length; i++) {
    const f = i % size
    out[i] = (values[i] - mean[f]) / deviation[f]
  }
  return { ...features, values: out }
}
