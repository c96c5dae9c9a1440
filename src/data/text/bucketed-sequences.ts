// Sequences with a label each, in batches of similar length.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import { LengthBuckets, type RowsOfLength } from '../length-buckets.js'
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
  private readonly buckets: LengthBuckets
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
    const lengths = sequences.map(({ length }) => length)
    this.buckets = new LengthBuckets(lengths, buckets, maximumLength)
    this.x = { shape: [this.lengths.at(-1) ?? 1], dtype: 'int32' }
  }

  /** The lengths of batches. */
  get lengths(): readonly number[] {
    return this.buckets.lengths
  }

  *batches(order: SequenceOrder): Iterable<SequenceBatch> {
    for (const part of this.buckets.batches(order)) yield this.batch(part)
  }

  private batch({ length, rows }: RowsOfLength): SequenceBatch {
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
