// Recordings and transcripts as batches for training: similar lengths together, so that little is
// padding and few Programs are compiled; other variants and masks in every epoch.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { orNull, tested, wholeNumber } from '../../base/value-kinds.js'
import type { Frames } from '../../features/sound/frames.js'
import { type SpecAugmentOptions, specAugment } from '../../features/sound/spec-augment.js'
import type { Batch, BatchOrder, BatchSource, RowType } from '../../train/batches.js'

/** One recording to learn from. */
export interface Utterance {
  /** Features of the recording, and of other versions of it (faster, noisier) to take turns with. */
  readonly variants: readonly Frames[]
  /** Classes of its transcript. */
  readonly labels: readonly number[]
}

/** Options of `SpeechBatches`. */
export interface SpeechBatchOptions {
  /** Different lengths of batches at most. Default: 6. */
  readonly buckets?: number
  /** SpecAugment in every epoch; null for none. Default: null. */
  readonly augment?: SpecAugmentOptions | null
  /** Labels that a row has room for. Default: the longest transcript's. */
  readonly mostLabels?: number
}

const speechBatchOptions = new OptionTable<SpeechBatchOptions>({
  buckets: wholeNumber({ min: 1, max: 64 }),
  augment: orNull(
    tested<SpecAugmentOptions>(
      'options of specAugment',
      value => typeof value === 'object' && value !== null,
      [1, 'yes'],
    ),
  ),
  mostLabels: wholeNumber({ min: 1 }),
})

/** Lengths of batches are multiples of this. */
const grain = 8

interface Bucket {
  readonly frames: number
  readonly rows: Int32Array
}

/**
 * Utterances as a source for `model.fit`: x [batch, frames of the bucket, features + 1], whose last
 * feature is 1 in frames that are there and 0 in padding; y int32 [batch, most labels], padded with −1,
 * as `losses.ctc` takes it. Order, variants and masks are functions of seed, epoch and row alone, so
 * that training can be resumed.
 *
 * @throws AthanorError ARGUMENT for no utterances, or one without variants or of another size.
 * @example
 * ```ts
 * const frames = { frames: 20, size: 2, values: new Float32Array(40) }
 * const source = new speech.SpeechBatches([{ variants: [frames], labels: [1, 2] }])
 * console.log(source.x.shape, source.y.shape) // [24, 3] [2]
 * ```
 */
export class SpeechBatches implements BatchSource {
  readonly rows: number
  /** Of the longest bucket. */
  readonly x: RowType
  readonly y: RowType
  private readonly size: number
  private readonly mostLabels: number
  private readonly augment: SpecAugmentOptions | null
  private readonly buckets: readonly Bucket[]

  constructor(
    private readonly utterances: readonly Utterance[],
    options: SpeechBatchOptions = {},
  ) {
    const given = speechBatchOptions.check('SpeechBatches', options)
    const first = utterances[0]?.variants[0]
    if (first === undefined) throw argumentError('SpeechBatches', 'utterances', 'none')
    this.size = first.size
    for (const { variants } of utterances)
      if (variants.length === 0 || variants.some(({ size }) => size !== first.size))
        throw argumentError(
          'SpeechBatches',
          `variants of ${first.size} features`,
          'others, or none',
        )
    this.rows = utterances.length
    this.augment = given.augment ?? null
    const longest = utterances.reduce((most, { labels }) => Math.max(most, labels.length), 1)
    this.mostLabels = given.mostLabels ?? longest
    if (this.mostLabels < longest)
      throw argumentError('SpeechBatches', `room for ${longest} labels`, String(this.mostLabels))
    this.buckets = bucketsOf(utterances, given.buckets ?? 6)
    const frames = this.buckets.at(-1)?.frames ?? grain
    this.x = { shape: [frames, this.size + 1], dtype: 'float32' }
    this.y = { shape: [this.mostLabels], dtype: 'int32' }
  }

  /** Rows of each batch, in the order in which they come. */
  *order({ epoch, batchSize, shuffle, seed, from }: BatchOrder): Iterable<Bucket> {
    const random = new Random(seed, epoch + 1)
    const parts: Bucket[] = []
    for (const { frames, rows } of this.buckets) {
      const order = shuffle ? random.shuffle(rows.slice()) : rows
      for (let start = 0; start < order.length; start += batchSize)
        parts.push({ frames, rows: order.subarray(start, start + batchSize) })
    }
    if (shuffle) random.shuffle(parts)
    yield* parts.slice(from)
  }

  *batches(order: BatchOrder): Iterable<Batch> {
    for (const part of this.order(order)) yield this.batch(part, order)
  }

  private batch({ frames, rows }: Bucket, { seed, epoch, shuffle }: BatchOrder): Batch {
    const width = this.size + 1
    const x = new Float32Array(rows.length * frames * width)
    const y = new Int32Array(rows.length * this.mostLabels).fill(-1)
    rows.forEach((row, i) => {
      const { variants, labels } = this.utterances[row]
      const plain = variants[shuffle ? (epoch + row) % variants.length : 0]
      const heard =
        this.augment === null ? plain : specAugment(plain, { seed, row, epoch }, this.augment)
      writeFrames(heard, x, i * frames, width)
      y.set(labels, i * this.mostLabels)
    })
    return { x, y, rows: rows.length, xShape: [frames, width] }
  }
}

/** Frames into rows that are one wider; the last number says that the frame is there. */
export function writeFrames(
  { frames, size, values }: Frames,
  into: Float32Array,
  row: number,
  width: number,
): void {
  for (let t = 0; t < frames; t++) {
    const at = (row + t) * width
    into.set(values.subarray(t * size, (t + 1) * size), at)
    into[at + size] = 1
  }
}

/** Frames that recordings of this length are padded to before buckets are chosen. */
export function paddedFrames(frames: number): number {
  return Math.max(1, Math.ceil(frames / grain)) * grain
}

/** Rows by length, cut so that each bucket holds about as many; a row's longest variant counts. */
function bucketsOf(utterances: readonly Utterance[], most: number): Bucket[] {
  const lengths = utterances.map(({ variants }) =>
    paddedFrames(Math.max(...variants.map(({ frames }) => frames))),
  )
  const sorted = Int32Array.from(lengths).sort()
  const limits = new Set<number>()
  for (let i = 1; i <= most; i++) limits.add(sorted[Math.ceil((sorted.length * i) / most) - 1])
  return [...limits].map((frames, i, all) => {
    const above = i === 0 ? 0 : all[i - 1]
    const rows = [...lengths.keys()].filter(row => lengths[row] > above && lengths[row] <= frames)
    return { frames, rows: Int32Array.from(rows) }
  })
}
