// A text of ids cut into windows for models of language: of each window, y is x one token further on.

import { AthanorError, argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import type { SequenceBatch, SequenceOrder, SequenceSource } from './sequence-batches.js'

function requireTokens(operation: string, tokens: number, needed: number): void {
  if (tokens >= needed) return
  throw new AthanorError('DATA', {
    operation,
    expected: `a text of at least ${needed} tokens`,
    received: `one of ${tokens}`,
    fix: 'Take a longer text, a shorter window or fewer rows a batch',
  })
}

/** Options of `StreamWindows`. */
export interface StreamOptions {
  /** Tokens of a window: as far as gradients reach back. Default: 128. */
  readonly length?: number
  /** Streams side by side: rows of a batch. Default: 32. */
  readonly batchSize?: number
}

/** @internal */
export const streamOptions = new OptionTable<StreamOptions>({
  length: wholeNumber({ min: 1 }),
  batchSize: wholeNumber({ min: 1 }),
})

/**
 * For truncated back-propagation through time: the text is cut into `batchSize` streams, and row r of each
 * batch goes on where row r of the batch before ended, so that a layer with `stateful: true` may carry its
 * state over. Reset the states at the beginning of each epoch. Never shuffled; what is left at the end of a stream is
 * left out.
 *
 * @throws AthanorError DATA for a text too short for one window in each stream; ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const ids = Int32Array.from({ length: 9 }, (_, i) => i)
 * const source = new StreamWindows(ids, { length: 2, batchSize: 2 })
 * const [first, second] = source.batches({ epoch: 0, batchSize: 2, shuffle: true, seed: 0, from: 0 })
 * first.x // Int32Array [0, 1, 4, 5]
 * first.y // Int32Array [1, 2, 5, 6]
 * second.x // Int32Array [2, 3, 6, 7]
 * ```
 */
export class StreamWindows implements SequenceSource {
  readonly rows: number
  readonly x: SequenceSource['x']
  readonly y: SequenceSource['y']
  readonly length: number
  readonly batchSize: number
  private readonly batchCount: number
  private readonly stream: number

  constructor(
    private readonly ids: Int32Array,
    options?: StreamOptions,
  ) {
    const { length = 128, batchSize = 32 } = streamOptions.check('StreamWindows', options)
    this.length = length
    this.batchSize = batchSize
    this.stream = Math.floor((ids.length - 1) / batchSize)
    this.batchCount = Math.floor(this.stream / length)
    requireTokens('StreamWindows', ids.length, batchSize * length + 1)
    this.rows = this.batchCount * batchSize
    this.x = this.y = { shape: [length], dtype: 'int32' }
  }

  *batches({ batchSize, from }: SequenceOrder): Iterable<SequenceBatch> {
    if (batchSize !== this.batchSize)
      throw argumentError(
        'StreamWindows',
        `the batchSize that the streams were made for, ${this.batchSize}`,
        String(batchSize),
      )
    for (let i = from; i < this.batchCount; i++) {
      const starts = Array.from(
        { length: batchSize },
        (_, row) => row * this.stream + i * this.length,
      )
      yield windowsAt(this.ids, starts, this.length)
    }
  }
}

/** Options of `ShuffledWindows`. */
export interface WindowOptions {
  /** Tokens of a window. Default: 128. */
  readonly length?: number
  /** Whether windows begin elsewhere in each epoch, up to one length later. Default: false. */
  readonly shift?: boolean
}

/** @internal */
export const windowOptions = new OptionTable<WindowOptions>({
  length: wholeNumber({ min: 1 }),
  shift: trueOrFalse,
})

/**
 * Windows that stand for themselves, in another order in every epoch: for models without a state, as
 * transformers, or with one that begins anew in each window. Order and shift are functions of seed and epoch;
 * unshuffled, windows come as they stand in the text, unshifted.
 *
 * @throws AthanorError DATA for a text shorter than a window; ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const source = new ShuffledWindows(Int32Array.of(4, 5, 6, 7, 8), { length: 2 })
 * source.rows // 2
 * ```
 */
export class ShuffledWindows implements SequenceSource {
  readonly rows: number
  readonly x: SequenceSource['x']
  readonly y: SequenceSource['y']
  readonly length: number
  private readonly shift: boolean

  constructor(
    private readonly ids: Int32Array,
    options?: WindowOptions,
  ) {
    const { length = 128, shift = false } = windowOptions.check('ShuffledWindows', options)
    this.length = length
    requireTokens('ShuffledWindows', ids.length, length + 1)
    const shifted = Math.floor((ids.length - length) / length)
    this.shift = shift && shifted > 0
    this.rows = this.shift ? shifted : Math.floor((ids.length - 1) / length)
    this.x = this.y = { shape: [length], dtype: 'int32' }
  }

  *batches({ epoch, batchSize, shuffle, seed, from }: SequenceOrder): Iterable<SequenceBatch> {
    const order = Uint32Array.from({ length: this.rows }, (_, i) => i)
    const random = new Random(seed, epoch + 1)
    const offset = shuffle && this.shift ? random.integer(this.length) : 0
    if (shuffle) random.shuffle(order)
    for (let start = from * batchSize; start < this.rows; start += batchSize) {
      const part = order.subarray(start, start + batchSize)
      const starts = Array.from(part, window => offset + window * this.length)
      yield windowsAt(this.ids, starts, this.length)
    }
  }
}

function windowsAt(ids: Int32Array, starts: readonly number[], length: number): SequenceBatch {
  const x = new Int32Array(starts.length * length)
  const y = new Int32Array(starts.length * length)
  starts.forEach((start, row) => {
    x.set(ids.subarray(start, start + length), row * length)
    y.set(ids.subarray(start + 1, start + 1 + length), row * length)
  })
  return { x, y, rows: starts.length }
}
