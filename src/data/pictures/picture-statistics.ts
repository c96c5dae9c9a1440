// Mean and standard deviation of each channel, exactly: from how often each of the 256 values occurs.

import { AthanorError } from '../../base/errors.js'
import type { PictureDataset } from './picture-dataset.js'

/** Of each channel, of values divided by 255. */
export interface ChannelStatistics {
  readonly mean: readonly number[]
  /** 1 for a channel that has one value only. */
  readonly std: readonly number[]
}

/** Pictures read at a time. */
const chunk = 1024

/**
 * Mean and standard deviation of each channel over some rows: the training rows alone, so that nothing of
 * the others is known.
 *
 * @throws AthanorError DATA without rows.
 * @example
 * ```ts
 * const pixels = Uint8Array.of(0, 255)
 * const pictures = PictureDataset.fromPixels(pixels, [1, 1, 1], Int32Array.of(0, 1), ['a', 'b'])
 * await channelStatistics(pictures, Uint32Array.of(0, 1)) // { mean: [0.5], std: [0.5] }
 * ```
 */
export async function channelStatistics(
  pictures: PictureDataset,
  rows: Uint32Array,
): Promise<ChannelStatistics> {
  if (rows.length === 0)
    throw new AthanorError('DATA', {
      operation: 'channelStatistics',
      expected: 'at least one row',
      received: 'none',
    })
  const channels = pictures.shape[2]
  const counts = Array.from({ length: channels }, () => new Float64Array(256))
  for (let start = 0; start < rows.length; start += chunk) {
    const pixels = await pictures.batch(rows.subarray(start, start + chunk))
    for (let c = 0; c < channels; c++) {
      const count = counts[c]
      for (let i = c; i < pixels.length; i += channels) count[pixels[i]]++
    }
  }
  const each = counts.map(count => {
    let total = 0
    let sum = 0
    for (let value = 0; value < 256; value++) {
      total += count[value]
      sum += count[value] * value
    }
    const mean = sum / total
    let squares = 0
    for (let value = 0; value < 256; value++) squares += count[value] * (value - mean) ** 2
    return { mean: mean / 255, std: Math.sqrt(squares / total) / 255 || 1 }
  })
  return { mean: each.map(({ mean }) => mean), std: each.map(({ std }) => std) }
}
