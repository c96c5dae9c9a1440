// Recordings and transcripts as batches for training: similar lengths together, other variants and masks in
// every epoch.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { listOf, orNull, tested, valueWords, wholeNumber } from '../../base/value-kinds.js'
import { LengthBuckets, type RowsOfLength } from '../../data/length-buckets.js'
import type { Frames } from '../../features/sound/frames.js'
import {
  type SpecAugmentOptions,
  specAugment,
  specAugmentOptions,
} from '../../features/sound/spec-augment.js'
import type { Batch, BatchOrder, BatchSource, RowType } from '../../train/batches.js'
import { checkFrames, checkList } from './lists.js'

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

const someLabels = listOf(wholeNumber({ min: 0 }))

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

/**
 * Utterances as a source for `model.fit`: x [batch, frames of the bucket, features + 1], whose last
 * feature is 1 in frames that are there and 0 in padding; y int32 [batch, most labels], padded with −1,
 * as `losses.ctc` takes it. Order, variants and masks are functions of seed, epoch and row alone, so
 * that training can be resumed.
 *
 * @throws AthanorError ARGUMENT for no utterances, one without variants or of another size, or labels that are
 * no list of whole numbers from 0.
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
  private readonly buckets: LengthBuckets

  constructor(
    private readonly utterances: readonly Utterance[],
    options: SpeechBatchOptions = {},
  ) {
    const given = speechBatchOptions.check('SpeechBatches', options)
    checkUtterances(utterances)
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
    if (this.augment !== null) specAugmentOptions.check('SpeechBatches', this.augment)
    const longest = utterances.reduce((most, { labels }) => Math.max(most, labels.length), 1)
    this.mostLabels = given.mostLabels ?? longest
    if (this.mostLabels < longest)
      throw argumentError('SpeechBatches', `room for ${longest} labels`, String(this.mostLabels))
    const lengths = utterances.map(({ variants }) =>
      variants.reduce((most, { frames }) => Math.max(most, frames), 0),
    )
    this.buckets = new LengthBuckets(lengths, given.buckets ?? 6)
    const [frames] = this.buckets.lengths.slice(-1)
    this.x = { shape: [frames, this.size + 1], dtype: 'float32' }
    this.y = { shape: [this.mostLabels], dtype: 'int32' }
  }

  *batches(order: BatchOrder): Iterable<Batch> {
    for (const part of this.buckets.batches(order)) yield this.batch(part, order)
  }

  private batch({ length, rows }: RowsOfLength, { seed, epoch, shuffle }: BatchOrder): Batch {
    const width = this.size + 1
    const x = new Float32Array(rows.length * length * width)
    const y = new Int32Array(rows.length * this.mostLabels).fill(-1)
    rows.forEach((row, i) => {
      const { variants, labels } = this.utterances[row]
      const plain = variants[shuffle ? (epoch + row) % variants.length : 0]
      const heard =
        this.augment === null ? plain : specAugment(plain, { seed, row, epoch }, this.augment)
      writeFrames(heard, x, i * length, width)
      y.set(labels, i * this.mostLabels)
    })
    return { x, y, rows: rows.length, xShape: [length, width] }
  }
}

function checkUtterances(utterances: readonly Utterance[]): void {
  const operation = 'SpeechBatches'
  checkList(operation, 'utterances', utterances)
  utterances.forEach((utterance: Utterance | null, i) => {
    checkList(operation, `variants of utterance ${i}`, utterance?.variants)
    for (const frames of utterance!.variants) checkFrames(operation, frames)
    if (!someLabels.accepts(utterance!.labels))
      throw argumentError(
        operation,
        `labels of utterance ${i}, ${someLabels.expected}`,
        valueWords(utterance!.labels),
        'Alphabet.encode gives null for a text with unknown characters',
      )
  })
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
