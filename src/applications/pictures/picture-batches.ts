// Pictures as batches for training: in an order of each epoch, augmented, as numbers a net takes.

import { argumentError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { oneOf, tested, trueOrFalse, valueWords, wholeNumber } from '../../base/value-kinds.js'
import { balancedOrder, PictureDataset } from '../../data/pictures/index.js'
import { PictureAugmenter, PictureScaler } from '../../features/pictures/picture-augmenter.js'
import type { Batch, BatchOrder, RowType } from '../../train/batches.js'
import type { MixableSource } from '../../train/mixing.js'
import { oneHotLabels } from './one-hot-labels.js'

/** Options of `PictureBatches`. */
export interface PictureBatchesOptions {
  /** From bytes to numbers. */
  readonly scaler: PictureScaler
  /** Changes the pictures of training. Default: none. */
  readonly augmenter?: PictureAugmenter
  /** Weight of each class in the loss. Default: 1. */
  readonly classWeights?: ArrayLike<number>
  /**
   * Targets [batch, classes] for `categoricalCrossentropy`, 1 at the class: to validate what `mixUp` or `cutMix`
   * trained. Default: false.
   */
  readonly oneHot?: boolean
  /** `balanced`: every class as often as any other, see `balancedOrder`. Default `all`: each row once. */
  readonly sampling?: 'all' | 'balanced'
  /** Batches that are being decoded while one is used, where memory does not hold the pictures; 0 to 64. Default 2. */
  readonly ahead?: number
}

const batchOptions = new OptionTable<PictureBatchesOptions>({
  scaler: required(tested('a PictureScaler', value => value instanceof PictureScaler, [0, {}])),
  augmenter: tested('a PictureAugmenter', value => value instanceof PictureAugmenter, [0, {}]),
  classWeights: tested(
    'a weight of 0 or more for each class',
    value =>
      (Array.isArray(value) || ArrayBuffer.isView(value)) &&
      Array.from(value as ArrayLike<number>).every(
        weight => Number.isFinite(weight) && weight >= 0,
      ),
    [1, [-1], ['a']],
  ),
  oneHot: trueOrFalse,
  sampling: oneOf(['all', 'balanced']),
  ahead: wholeNumber({ min: 0, max: 64 }),
})

/**
 * A source of batches for `Model.fit` and `evaluate`, and for `mixUp` and `cutMix`: [batch, height, width, channels]
 * float32, and the number of each class, or with `oneHot` [batch, classes]. What a batch holds depends on rows, seed
 * and epoch alone, so a resumed epoch goes on with the same bits.
 *
 * @example
 * ```ts
 * const pixels = Uint8Array.from({ length: 8 }, (_, i) => 30 * i)
 * const pictures = PictureDataset.fromPixels(pixels, [2, 2, 1], Int32Array.of(0, 1), ['a', 'b'])
 * const scaler = new augment.PictureScaler({ mean: [0.5], std: [0.5] })
 * const source = new PictureBatches(pictures, Uint32Array.of(0, 1), { scaler })
 * source.x.shape // [2, 2, 1]
 * ```
 */
export class PictureBatches implements MixableSource {
  readonly rows: number
  readonly x: RowType
  readonly y: RowType
  /** How many there are. */
  readonly classes: number

  private readonly options: PictureBatchesOptions

  /**
   * @throws AthanorError ARGUMENT for rows without a class, weights of another number, pictures of another
   * shape than the augmenter's or the scaler's, an unknown option or a value that is not taken.
   */
  constructor(
    private readonly pictures: PictureDataset,
    private readonly rowIds: Uint32Array,
    options: PictureBatchesOptions,
  ) {
    if (!(pictures instanceof PictureDataset))
      throw argumentError('PictureBatches', 'a PictureDataset', valueWords(pictures))
    if (!(rowIds instanceof Uint32Array))
      throw argumentError('PictureBatches', 'rows as a Uint32Array', valueWords(rowIds))
    this.options = batchOptions.check('PictureBatches', options)
    const { classWeights, augmenter, scaler, oneHot = false } = this.options
    const shape = pictures.shape.join(' × ')
    if (augmenter !== undefined && augmenter.shape.join(' × ') !== shape)
      throw argumentError(
        'PictureBatches',
        `an augmenter for pictures of ${shape}`,
        `one for ${augmenter.shape.join(' × ')}`,
      )
    if (scaler.statistics.mean.length !== pictures.shape[2])
      throw argumentError(
        'PictureBatches',
        `a scaler of ${pictures.shape[2]} channels`,
        `one of ${scaler.statistics.mean.length}`,
      )
    const { classes, labels } = pictures
    for (const row of rowIds)
      if (row >= pictures.rows || labels[row] < 0)
        throw argumentError('PictureBatches', 'rows whose class is known', `row ${row}`)
    if (classWeights !== undefined && classWeights.length !== classes.length)
      throw argumentError(
        'PictureBatches',
        `a weight for each of ${classes.length} classes`,
        String(classWeights.length),
      )
    this.rows = rowIds.length
    this.classes = classes.length
    this.x = { shape: [...pictures.shape], dtype: 'float32' }
    this.y = oneHot ? { shape: [classes.length], dtype: 'float32' } : { shape: [], dtype: 'int32' }
  }

  batches(order: BatchOrder): Iterable<Batch> | AsyncIterable<Batch> {
    return this.pictures.inMemory ? this.fromMemory(order) : this.decoded(order)
  }

  private orderOf({ shuffle, seed, epoch }: BatchOrder): Uint32Array {
    const { pictures, rowIds, options } = this
    if (!shuffle) return rowIds
    return options.sampling === 'balanced'
      ? balancedOrder(pictures.labels, rowIds, seed, epoch)
      : pictures.order(rowIds, seed, epoch)
  }

  private *fromMemory(order: BatchOrder): Generator<Batch> {
    const rows = this.orderOf(order)
    const { batchSize, epoch } = order
    for (let start = order.from * batchSize; start < rows.length; start += batchSize) {
      const ids = rows.slice(start, start + batchSize)
      yield this.prepared(ids, this.pictures.batch(ids) as Uint8Array, epoch)
    }
  }

  private async *decoded(order: BatchOrder): AsyncGenerator<Batch> {
    const rows = this.orderOf(order)
    const { batchSize, epoch } = order
    const { ahead = 2 } = this.options
    const coming: Promise<Batch>[] = []
    let start = order.from * batchSize
    const begin = async (ids: Uint32Array) =>
      this.prepared(ids, await this.pictures.batch(ids), epoch)
    while (start < rows.length || coming.length > 0) {
      for (; coming.length <= ahead && start < rows.length; start += batchSize) {
        const batch = begin(rows.slice(start, start + batchSize))
        // Thrown where the batch is awaited.
        batch.catch(() => {})
        coming.push(batch)
      }
      yield await (coming.shift() as Promise<Batch>)
    }
  }

  private prepared(ids: Uint32Array, pixels: Uint8Array, epoch: number): Batch {
    const { scaler, augmenter, classWeights, oneHot } = this.options
    augmenter?.apply(pixels, ids, epoch)
    const labels = Int32Array.from(ids, row => this.pictures.labels[row])
    return {
      x: scaler.apply(pixels),
      y: oneHot ? oneHotLabels(labels, this.classes) : labels,
      ...(classWeights === undefined
        ? {}
        : { weights: Float32Array.from(labels, label => classWeights[label]) }),
      rows: ids.length,
    }
  }
}
