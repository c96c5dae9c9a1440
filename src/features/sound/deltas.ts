// How features change: slopes over neighbouring frames (Furui 1986), appended to them.

import type { Frames } from './frames.js'

/** Slope of each feature over two frames on each side; the ends are repeated. */
function slopes({ frames, size, values }: Frames): Float32Array {
  const out = new Float32Array(values.length)
  const held = (t: number) => Math.min(Math.max(t, 0), frames - 1) * size
  for (let t = 0; t < frames; t++)
    for (let f = 0; f < size; f++) {
      const rise = (n: number) => n * (values[held(t + n) + f] - values[held(t - n) + f])
      out[t * size + f] = (rise(1) + rise(2)) / 10
    }
  return out
}

/**
 * Features followed by their slopes, and with `orders` 2 by the slopes of those too.
 *
 * @param orders 0, 1 or 2
 * @example
 * ```ts
 * const frames = { frames: 3, size: 1, values: Float32Array.of(0, 1, 2) }
 * sound.withDeltas(frames, 1).size // 2
 * ```
 */
export function withDeltas(features: Frames, orders: number): Frames {
  const parts = [features.values]
  for (let order = 0; order < orders; order++)
    parts.push(slopes({ ...features, values: parts[order] }))
  const size = features.size * parts.length
  const values = new Float32Array(features.frames * size)
  for (let t = 0; t < features.frames; t++)
    parts.forEach((part, p) => {
      const from = t * features.size
      values.set(part.subarray(from, from + features.size), t * size + p * features.size)
    })
  return { frames: features.frames, size, values }
}
