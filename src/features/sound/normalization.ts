// Features moved and scaled to mean 0 and deviation 1, by a recording's own numbers or by those of all
// training recordings.

import type { Frames } from './frames.js'

/** Mean and deviation of each feature. */
export interface FeatureScaling {
  readonly mean: readonly number[]
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
export function scalingOf(recordings: Iterable<Frames>): FeatureScaling {
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
  return { mean, deviation }
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
export function normalized(features: Frames, scaling = scalingOf([features])): Frames {
  const { size, values } = features
  const out = new Float32Array(values.length)
  for (let i = 0; i < out.length; i++) {
    const f = i % size
    out[i] = (values[i] - scaling.mean[f]) / scaling.deviation[f]
  }
  return { ...features, values: out }
}
