// A data set of pictures as two tensors, for models that take arrays.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { tested, trueOrFalse, valueWords, wholeNumber } from '../../base/value-kinds.js'
import { PictureDataset } from '../../data/pictures/index.js'
import { PictureScaler } from '../../features/pictures/picture-augmenter.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'
import { oneHotLabels } from './one-hot-labels.js'

/** Options of `pictureTensors`. */
export interface PictureTensorsOptions {
  /** Which pictures, such as a part of `splitPictures`. Default: all whose class is known. */
  readonly rows?: Uint32Array
  /** At most so many, taken evenly from all of them. Default: no limit. */
  readonly limit?: number
  /** From bytes to numbers. Default: value / 255. */
  readonly scaler?: PictureScaler
  /** y as [pictures, classes] with a 1 at the class. Default: false. */
  readonly oneHot?: boolean
}

const tensorOptions = new OptionTable<PictureTensorsOptions>({
  rows: tested('a Uint32Array', value => value instanceof Uint32Array, [0, [0]]),
  limit: wholeNumber({ min: 1 }),
  scaler: tested('a PictureScaler', value => value instanceof PictureScaler, [0, {}]),
  oneHot: trueOrFalse,
})

/**
 * Pictures and their classes as tensors: x [pictures, height, width, channels] float32, y [pictures] int32. All of
 * them are in memory at once, four bytes a value; `PictureBatches` has a batch at a time.
 *
 * @throws AthanorError ARGUMENT for rows without a class, an unknown option or a value that is not taken.
 * @example
 * ```ts
 * const pixels = Uint8Array.from({ length: 8 }, (_, i) => 30 * i)
 * const pictures = PictureDataset.fromPixels(pixels, [2, 2, 1], Int32Array.of(0, 1), ['a', 'b'])
 * const { x, y } = await pictureTensors(pictures, { limit: 1000 })
 * x.shape // [2, 2, 2, 1]
 * ```
 */
export async function pictureTensors(
  pictures: PictureDataset,
  options?: PictureTensorsOptions,
): Promise<{ x: Tensor; y: Tensor }> {
  if (!(pictures instanceof PictureDataset))
    throw argumentError('pictureTensors', 'a PictureDataset', valueWords(pictures))
  const given = tensorOptions.check('pictureTensors', options)
  const { shape, classes } = pictures
  const { limit = Infinity, oneHot = false, scaler = plainScaler(shape[2]) } = given
  if (scaler.statistics.mean.length !== shape[2])
    throw argumentError(
      'pictureTensors',
      `a scaler of ${shape[2]} channels`,
      `one of ${scaler.statistics.mean.length}`,
    )
  const ids = evenly(given.rows ?? knownRows(pictures), limit)
  for (const row of ids)
    if (row >= pictures.rows || pictures.labels[row] < 0)
      throw argumentError('pictureTensors', 'rows whose class is known', `row ${row}`)
  const labels = Int32Array.from(ids, row => pictures.labels[row])
  const x = scaler.apply(await pictures.batch(ids))
  return {
    x: tensorOver(x, [ids.length, ...shape], 'float32'),
    y: oneHot
      ? tensorOver(oneHotLabels(labels, classes.length), [ids.length, classes.length], 'float32')
      : tensorOver(labels, [ids.length], 'int32'),
  }
}

/** value / 255 */
function plainScaler(channels: number): PictureScaler {
  const each = <T>(value: T) => Array.from({ length: channels }, () => value)
  return new PictureScaler({ mean: each(0), std: each(1) })
}

function knownRows({ labels }: PictureDataset): Uint32Array {
  const rows = Uint32Array.from(labels, (_, row) => row)
  return rows.filter(row => labels[row] >= 0)
}

/** As they stand, with even gaps: a folder has its pictures class by class. */
function evenly(rows: Uint32Array, limit: number): Uint32Array {
  if (rows.length <= limit) return rows
  return Uint32Array.from({ length: limit }, (_, i) => rows[Math.floor((i * rows.length) / limit)])
}
