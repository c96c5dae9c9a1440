// Rows of similar length together: little of a batch is padding, and there are few lengths, so that few
// Programs are compiled.

import { Random } from '../base/philox.js'
import type { SequenceOrder } from './text/sequence-batches.js'

/** Lengths are multiples of this, the longest excepted. */
const grain = 8

/** The length that a row is padded to before buckets are chosen. */
export function paddedLength(length: number, longest = Infinity): number {
  return Math.min(longest, Math.max(1, Math.ceil(length / grain)) * grain)
}

/** Some rows, and what they are padded to. */
export interface RowsOfLength {
  readonly length: number
  readonly rows: Int32Array
}

export class LengthBuckets {
  private readonly buckets: readonly RowsOfLength[]

  /** At most `most` buckets, each of about as many of the rows whose lengths are given. */
  constructor(lengths: readonly number[], most: number, longest?: number) {
    const padded = lengths.map(length => paddedLength(length, longest))
    const sorted = Int32Array.from(padded).sort()
    const limits = new Set<number>()
    for (let i = 1; i <= most && sorted.length > 0; i++)
      limits.add(sorted[Math.ceil((sorted.length * i) / most) - 1])
    this.buckets = [...limits].map((length, i, all) => {
      const above = i === 0 ? 0 : all[i - 1]
      const rows = [...padded.keys()].filter(row => padded[row] > above && padded[row] <= length)
      return { length, rows: Int32Array.from(rows) }
    })
  }

  /** The lengths of batches, rising. */
  get lengths(): readonly number[] {
    return this.buckets.map(({ length }) => length)
  }

  /**
   * The rows of each batch. In every epoch the rows of each bucket and then the batches come in another
   * order, a function of seed and epoch.
   */
  batches({ epoch, batchSize, shuffle, seed, from }: SequenceOrder): readonly RowsOfLength[] {
    const random = new Random(seed, epoch + 1)
    const parts: RowsOfLength[] = []
    for (const { length, rows } of this.buckets) {
      const order = shuffle ? random.shuffle(rows.slice()) : rows
      for (let start = 0; start < order.length; start += batchSize)
        parts.push({ length, rows: order.subarray(start, start + batchSize) })
    }
    if (shuffle) random.shuffle(parts)
    return parts.slice(from)
  }
}
