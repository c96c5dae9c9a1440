// Sequences with a label each, in batches of similar length: little of a batch is padding, and there are few
// lengths, so that few Programs are compiled.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import { type PaddingOptions, paddingOptions, writePadded } from './padding.js'
import type { SequenceBatch, SequenceOrder, SequenceSource } from './sequence-batches.js'

/** Options of `BucketedSequences`. */
export interface BucketOptions extends Omit<PaddingOptions, 'length'> {
  /** Longer sequences are cut. Default: 256. */
  readonly maximumLength?: number
  /** Different lengths of batches at most. Default: 6. */
  readonly buckets?: number
}

/** @internal */
export const bucketOptions = new OptionTable<BucketOptions>({
  padding: oneOf(['pre', 'post']),
  truncating: oneOf(['pre', 'post']),
  maximumLength: wholeNumber({ min: 1 }),
  buckets: wholeNumber({ min: 1, max: 64 }),
})

/** Lengths are multiples of this, the longest excepted. */
const grain = 8

interface Bucket {
  readonly length: number
  readonly rows: Int32Array
}

/**
 * Sequences of ids and a class each, as a source for `model.fit`: x [batch, length of the bucket], y [batch].
 * In every epoch the rows of each bucket and then the batches come in another order, a function of seed and
 * epoch.
 *
 * @throws AthanorError ARGUMENT for a wrong option, or not as many labels as sequences.
 * @example
 * ```ts
 * const source = new BucketedSequences([Int32Array.of(4, 5), Int32Array.of(6)], Int32Array.of(0, 1))
 * source.rows // 2
 * ```
 */
export class BucketedSequences implements SequenceSource {
  readonly rows: number
  readonly x: SequenceSource['x']
  readonly y = { shape: [], dtype: 'int32' } as const
  private readonly buckets: readonly Bucket[]
  private readonly options: Pick<PaddingOptions, 'padding' | 'truncating'>

  constructor(
    private readonly sequences: readonly Int32Array[],
    private readonly labels: Int32Array,
    options?: BucketOptions,
  ) {
    const { padding, truncating, ...sizes } = bucketOptions.check('BucketedSequences', options)
    this.options = paddingOptions.check('BucketedSequences', { padding, truncating })
    if (sequences.length !== labels.length)
      throw argumentError(
        'BucketedSequences',
        `a label for each of ${sequences.length} sequences`,
        `${labels.length} labels`,
      )
    this.rows = sequences.length
    const { maximumLength = 256, buckets = 6 } = sizes
    this.buckets = bucketsOf(sequences, maximumLength, buckets)
    this.x = { shape: [this.buckets.at(-1)?.length ?? 1], dtype: 'int32' }
  }

  /** The lengths of batches. */
  get lengths(): readonly number[] {
    return this.buckets.map(bucket => bucket.length)
  }

  *batches({ epoch, batchSize, shuffle, seed, from }: SequenceOrder): Iterable<SequenceBatch> {
    const random = new Random(seed, epoch + 1)
    const parts: Bucket[] = []
    for (const { length, rows } of this.buckets) {
      const order = shuffle ? random.shuffle(rows.slice()) : rows
      for (let start = 0; start < order.length; start += batchSize)
        parts.push({ length, rows: order.subarray(start, start + batchSize) })
    }
    if (shuffle) random.shuffle(parts)
    for (const part of parts.slice(from)) yield this.batch(part)
  }

  private batch({ length, rows }: Bucket): SequenceBatch {
    const x = new Int32Array(rows.length * length)
    rows.forEach((row, i) => {
      writePadded(this.sequences[row], x, i * length, length, this.options)
    })
    return {
      x,
      y: Int32Array.from(rows, row => this.labels[row]),
      rows: rows.length,
      xShape: [length],
    }
  }
}

/** Rows by length, cut so that each bucket holds about as many. */
function bucketsOf(
  sequences: readonly Int32Array[],
  maximumLength: number,
  most: number,
): Bucket[] {
  const padded = sequences.map(({ length }) => paddedLength(length, maximumLength))
  const sorted = Int32Array.from(padded).sort()
  const limits = new Set<number>()
  for (let i = 1; i <= most && sorted.length > 0; i++)
    limits.add(sorted[Math.ceil((sorted.length * i) / most) - 1])
  return [...limits].map((length, i, all) => {
    const above = i === 0 ? 0 : all[i - 1]
    const rows = [...padded.keys()].filter(row => padded[row] > above && padded[row] <= length)
    return { length, rows: Int32Array.from(rows) }
  })
}

/** The length that a sequence is padded to before buckets are chosen. */
export function paddedLength(length: number, maximum: number): number {
  return Math.min(maximum, Math.max(1, Math.ceil(length / grain)) * grain)
}
