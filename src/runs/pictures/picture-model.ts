// A trained picture model: pictures in, classes out. Runs in Node and in a browser alike.

import { decodePicture, readFile } from '#platform'
import { AthanorError, argumentError } from '../../base/errors.js'
import { JsonReader } from '../../base/json-reader.js'
import { valueWords } from '../../base/value-kinds.js'
import {
  type ChannelStatistics,
  type PictureDataset,
  type PictureShape,
  resizePixels,
  withDepth,
} from '../../data/pictures/index.js'
import { PictureScaler } from '../../features/pictures/index.js'
import type { Json } from '../../modelfile/index.js'
import type { PictureFit } from '../../platform/picture-decoding.js'
import type { Model } from '../../train/model.js'
import type { MetricValues } from '../report/report-data.js'
import { softmaxRows } from '../table-core.js'
import type { Prediction } from '../table-model.js'

/** Pixels from the upper left, row by row, 1, 3 or 4 channels (grey; red, green, blue; and opacity). */
export interface RawPicture {
  readonly pixels: Uint8Array | Uint8ClampedArray
  readonly height: number
  readonly width: number
  /** Found from the number of pixels where absent. */
  readonly channels?: 1 | 3 | 4
}

/** What `predict` takes: a path (in Node), the bytes of a picture file, or pixels (an `ImageData` too). */
export type PictureInput = string | Uint8Array | RawPicture

/** What a picture model knows beside its weights. */
export interface PictureModelFacts {
  readonly shape: PictureShape
  readonly fit: PictureFit
  readonly statistics: ChannelStatistics
  readonly classes: readonly string[]
  readonly metrics: Readonly<Record<string, MetricValues>>
}

const formatVersion = 1

/** Of pixels from 0 to 1: less than one bright pixel among all there could be. */
const leastDeviation = 1e-12

/** Pictures that go through the net at once. */
const chunk = 256

export class PictureModel {
  readonly task = 'classification' as const
  private readonly scaler: PictureScaler

  constructor(
    readonly net: Model,
    readonly facts: PictureModelFacts,
  ) {
    this.scaler = new PictureScaler(facts.statistics)
  }

  /** Names of the classes in the order of their probabilities. */
  get classes(): readonly string[] {
    return this.facts.classes
  }

  /** Metrics of the run that made it, by part. */
  get metrics(): Readonly<Record<string, MetricValues>> {
    return this.facts.metrics
  }

  /**
   * The class of each picture, with probabilities.
   *
   * @throws AthanorError ARGUMENT for anything but a list of pictures; FILE and FORMAT for pictures that
   * cannot be read or decoded.
   */
  async predict(pictures: readonly PictureInput[]): Promise<Prediction[]> {
    if (!Array.isArray(pictures))
      throw argumentError('predict', 'a list of pictures', valueWords(pictures), 'Give [picture]')
    const { shape, classes } = this.facts
    const size = shape[0] * shape[1] * shape[2]
    const predictions: Prediction[] = []
    for (let start = 0; start < pictures.length; start += chunk) {
      const part = pictures.slice(start, start + chunk)
      const pixels = new Uint8Array(part.length * size)
      for (const [i, picture] of part.entries()) pixels.set(await this.pixelsOf(picture), i * size)
      const outputs = await this.outputs(pixels)
      for (let i = 0; i < part.length; i++) predictions.push(predictionOf(outputs, i, classes))
    }
    return predictions
  }

  /** Probabilities, row-major, of pictures in the model's own size. */
  async outputs(pixels: Uint8Array): Promise<Float64Array> {
    const { shape, classes } = this.facts
    const size = shape[0] * shape[1] * shape[2]
    const rows = pixels.length / size
    const result = new Float64Array(rows * classes.length)
    for (let start = 0; start < rows; start += chunk) {
      const part = pixels.subarray(start * size, (start + chunk) * size)
      const raw = await this.net.predict(this.scaler.apply(part), { batchSize: chunk })
      const logits = await raw.data()
      result.set(softmaxRows(logits, classes.length), start * classes.length)
    }
    return result
  }

  /** Probabilities, row-major, of rows of a dataset of the model's shape. */
  async answers(pictures: PictureDataset, rows: Uint32Array): Promise<Float64Array> {
    const { shape, classes } = this.facts
    if (pictures.shape.join() !== shape.join())
      throw new AthanorError('SHAPE', {
        operation: 'PictureModel.answers',
        expected: `pictures of ${shape.join(' × ')}`,
        received: pictures.shape.join(' × '),
      })
    const result = new Float64Array(rows.length * classes.length)
    for (let start = 0; start < rows.length; start += chunk) {
      const pixels = await pictures.batch(rows.subarray(start, start + chunk))
      result.set(await this.outputs(pixels), start * classes.length)
    }
    return result
  }

  private async pixelsOf(picture: PictureInput): Promise<Uint8Array> {
    const { shape, fit } = this.facts
    const [height, width, depth] = shape
    const bytes = typeof picture === 'string' ? readFile(picture) : picture
    if (bytes instanceof Uint8Array) {
      const channels = depth === 1 ? 1 : 3
      return (await decodePicture(bytes, { size: [height, width], fit, channels })).pixels
    }
    const raw = opaque(checkRaw(bytes))
    const pixels = withDepth(raw.pixels, raw.channels, depth)
    return resizePixels(pixels, [raw.height, raw.width, depth], [height, width], fit)
  }

  /** The model file. */
  toBytes(): Uint8Array {
    const { shape, fit, statistics, classes, metrics } = this.facts
    const pictures = { format: formatVersion, shape, fit, ...statistics, classes, metrics }
    return this.net.toBytes({ extra: { pictures: pictures as unknown as Json } })
  }

  /** The picture model in a net that was read from a file; undefined where there is none. */
  static fromNet(net: Model, source: string): PictureModel | undefined {
    if (!Object.hasOwn(net.extra, 'pictures')) return undefined
    const reader = new JsonReader(source, net.extra.pictures)
    const format = reader.get('format').integer(1)
    if (format > formatVersion)
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: `a picture model of format ${formatVersion}`,
        received: String(format),
        fix: 'It was made by a newer version: update the package',
      })
    const numbers = (name: string, least?: number) =>
      reader
        .get(name)
        .items()
        .map(item => item.number(least))
    const shape = reader
      .get('shape')
      .items()
      .map(item => item.integer(1, 4096))
    const classes = reader
      .get('classes')
      .items()
      .map(item => item.string())
    const statistics = { mean: numbers('mean'), std: numbers('std', leastDeviation) }
    if (
      shape.length !== 3 ||
      (shape[2] !== 1 && shape[2] !== 3) ||
      statistics.mean.length !== shape[2] ||
      statistics.std.length !== shape[2] ||
      classes.length < 1
    )
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: 'height, width and channels, a mean for each channel, and classes',
        received: `${shape.join(' × ')}, ${statistics.mean.length} means, ${classes.length} classes`,
      })
    const given = net.inputShape
    const outputs = given === null ? null : net.module.outputShapeOn([given])?.at(-1)
    if (given?.join() !== shape.join() || outputs !== classes.length)
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: `a net from pictures of ${shape.join(' × ')} to ${classes.length} classes`,
        received: `one from ${given?.join(' × ')} to ${outputs}`,
        fix: 'The file was altered; use another copy',
      })
    return new PictureModel(net, {
      shape: [shape[0], shape[1], shape[2]],
      fit: reader.get('fit').oneOf(['cover', 'contain', 'fill']),
      statistics,
      classes,
      metrics: reader.get('metrics').value as PictureModelFacts['metrics'],
    })
  }
}

export function predictionOf(
  outputs: ArrayLike<number>,
  row: number,
  classes: readonly string[],
): Prediction {
  let best = 0
  const at = row * classes.length
  for (let c = 1; c < classes.length; c++) if (outputs[at + c] > outputs[at + best]) best = c
  return {
    prediction: classes[best],
    probabilities: Object.fromEntries(classes.map((name, c) => [name, outputs[at + c]])),
  }
}

/** An `ImageData` has `data` where others have `pixels`. */
function checkRaw(given: RawPicture): Required<RawPicture> {
  const wrong = (received: string) =>
    argumentError(
      'predict',
      'pictures: paths, bytes of picture files, or { pixels, height, width }',
      received,
    )
  if (typeof given !== 'object' || given === null) throw wrong(valueWords(given))
  const { height, width } = given
  const pixels = given.pixels ?? (given as unknown as { data?: Uint8ClampedArray }).data
  if (
    !(pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray) ||
    !(Number.isInteger(height) && height > 0 && Number.isInteger(width) && width > 0)
  )
    throw wrong('something else')
  const channels = given.channels ?? pixels.length / (height * width)
  if (
    (channels !== 1 && channels !== 3 && channels !== 4) ||
    pixels.length !== height * width * channels
  )
    throw wrong(`${pixels.length} values for ${width} × ${height} pixels`)
  return { pixels, height, width, channels }
}

/** Transparent parts on white, as in pictures that are read from files. */
function opaque({ pixels, height, width, channels }: Required<RawPicture>) {
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length)
  if (channels !== 4) return { pixels: bytes, height, width, channels }
  const out = new Uint8Array(height * width * 3)
  for (let i = 0; i < height * width; i++) {
    const share = bytes[4 * i + 3] / 255
    for (let c = 0; c < 3; c++) out[3 * i + c] = Math.round(255 + share * (bytes[4 * i + c] - 255))
  }
  return { pixels: out, height, width, channels: 3 }
}
