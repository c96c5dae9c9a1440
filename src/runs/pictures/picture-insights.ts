// What a net shows of itself in a report: where it looked, the filters of its first convolution, and what
// convolutions make of pictures.

import { featureMaps, gradCam } from '../../applications/pictures/index.js'
import { AthanorError } from '../../base/errors.js'
import { resizePixels, withDepth } from '../../data/pictures/index.js'
import { pictureUri } from '../../features/pictures/contact-sheet.js'
import { PictureScaler } from '../../features/pictures/index.js'
import { Conv2D } from '../../nn/conv/conv2d.js'
import { GraphModel } from '../../nn/graph-model.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import type { LayerMaps, PictureFigures } from '../report/report-data.js'
import { type PartAnswers, predictedClass } from './picture-answers.js'
import type { PreparedPictures } from './prepare-pictures.js'

/** Pictures shown, at most one of a class. */
const mostFocused = 10
const mostFilters = 64
/** Of feature maps: pictures, convolutions, maps of each; larger maps are made smaller. */
const mostMapped = 4
const mostLayers = 3
const mostMaps = 12
const largestMap = 48

interface ExamplePictures {
  /** Places among the answers, and pixels one after the other. */
  readonly places: readonly number[]
  readonly pixels: Uint8Array
  readonly x: Tensor
}

/** The first test picture of each class. */
async function examples(
  { pictures, statistics }: PreparedPictures,
  { rows, answers }: PartAnswers,
  most: number,
): Promise<ExamplePictures> {
  const places: number[] = []
  const seen = new Set<number>()
  rows.forEach((_, i) => {
    if (seen.has(answers.truth[i]) || places.length === most) return
    seen.add(answers.truth[i])
    places.push(i)
  })
  const ids = Uint32Array.from(places, i => rows[i])
  const pixels = await pictures.batch(ids)
  const scaled = new PictureScaler(statistics).apply(pixels)
  return { places, pixels, x: tensorOver(scaled, [ids.length, ...pictures.shape], 'float32') }
}

/** undefined where the net has no convolutions. */
async function unlessFlat<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch(error => {
    if (error instanceof AthanorError && error.code === 'ARGUMENT') return undefined
    throw error
  })
}

/** Test pictures beside the places that spoke for the class predicted. */
export async function focusOf(
  prepared: PreparedPictures,
  net: Model,
  part: PartAnswers,
): Promise<PictureFigures['focus']> {
  const { pictures } = prepared
  const { answers } = part
  const { places: shown, pixels, x } = await examples(prepared, part, mostFocused)
  const predicted = shown.map(i => predictedClass(answers, i))
  const maps = await unlessFlat(gradCam(net, x, predicted))
  if (maps === undefined) return []
  const [height, width, channels] = pictures.shape
  const size = height * width * channels
  const places = maps.height * maps.width
  return Promise.all(
    shown.map(async (i, k) => {
      const own = pixels.subarray(k * size, (k + 1) * size)
      const heat = Uint8Array.from(maps.values.subarray(k * places, (k + 1) * places), value =>
        Math.round(255 * value),
      )
      const large = resizePixels(heat, [maps.height, maps.width, 1], [height, width], 'fill')
      return {
        truth: pictures.classes[answers.truth[i]],
        predicted: pictures.classes[predicted[k]],
        picture: await pictureUri(own, pictures.shape),
        heat: await pictureUri(heated(withDepth(own, channels, 3), large), [height, width, 3]),
      }
    }),
  )
}

/** Colours mixed with orange, where the heat is. */
function heated(colours: Uint8Array, heat: Uint8Array): Uint8Array {
  const orange = [255, 96, 0]
  return Uint8Array.from(colours, (value, i) => {
    const share = (0.7 * heat[Math.floor(i / 3)]) / 255
    return Math.round(value * 0.85 * (1 - share) + orange[i % 3] * share)
  })
}

/** Each filter of the first convolution over the pictures themselves: grey is zero. */
export async function filtersOf(net: Model): Promise<readonly string[]> {
  const { module } = net
  const layers = module instanceof GraphModel ? module.layers : net.layers
  const first = layers.find(layer => layer instanceof Conv2D)
  if (first?.kernel === undefined || first.kernel === null) return []
  const { kernel } = first
  const [height, width, channels, filters] = kernel.shape
  if ((channels !== 1 && channels !== 3) || Math.max(height, width) < 3) return []
  const values = await kernel.data()
  return Promise.all(
    Array.from({ length: Math.min(filters, mostFilters) }, (_, f) => {
      const own = Float32Array.from(
        { length: height * width * channels },
        (_, i) => values[i * filters + f],
      )
      const most = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-12)
      const pixels = Uint8Array.from(own, value => Math.round(127.5 + (127.5 * value) / most))
      return pictureUri(pixels, [height, width, channels])
    }),
  )
}

/** Test pictures beside the maps that the first convolution of each size makes of them. */
export async function mapsOf(
  prepared: PreparedPictures,
  net: Model,
  part: PartAnswers,
): Promise<readonly LayerMaps[]> {
  const { pictures } = prepared
  const { places, pixels, x } = await examples(prepared, part, mostMapped)
  const found = await unlessFlat(featureMaps(net, x, { which: 'firstOfSize' }))
  if (found === undefined) return []
  const size = pixels.length / places.length
  const shown = await Promise.all(
    places.map(async (i, k) => ({
      truth: pictures.classes[part.answers.truth[i]],
      picture: await pictureUri(pixels.subarray(k * size, (k + 1) * size), pictures.shape),
    })),
  )
  const layers = found.filter(({ height, width }) => height * width > 1).slice(0, mostLayers)
  return Promise.all(
    layers.map(async ({ height, width, channels, values }) => {
      const planes = planesOf(values, channels)
      const chosen = planes
        .map(({ most, least, plane }, channel) => ({ channel, most, least, plane }))
        .sort((a, b) => b.most - b.least - (a.most - a.least))
        .slice(0, mostMaps)
        .sort((a, b) => a.channel - b.channel)
      const scale = Math.min(1, largestMap / Math.max(height, width))
      const small = [height, width].map(side => Math.max(1, Math.round(side * scale)))
      const drawn = (k: number) =>
        chosen.map(({ most, least, plane }) => {
          const own = plane.subarray(k * height * width, (k + 1) * height * width)
          const range = Math.max(most - least, 1e-12)
          const grey = Uint8Array.from(own, value => Math.round((255 * (value - least)) / range))
          const to = [small[0], small[1]] as const
          return pictureUri(resizePixels(grey, [height, width, 1], to, 'fill'), [...to, 1])
        })
      return {
        size: [height, width] as const,
        channels,
        shown: chosen.map(({ channel }) => channel),
        rows: await Promise.all(
          shown.map(async (picture, k) => ({ ...picture, maps: await Promise.all(drawn(k)) })),
        ),
      }
    }),
  )
}

/** The maps of each filter, all pictures one after the other, with their range, of which 0 is a part. */
function planesOf(values: Float32Array, channels: number) {
  return Array.from({ length: channels }, (_, channel) => {
    const plane = Float32Array.from(
      { length: values.length / channels },
      (__, i) => values[i * channels + channel],
    )
    const most = plane.reduce((largest, value) => Math.max(largest, value), 0)
    const least = plane.reduce((smallest, value) => Math.min(smallest, value), 0)
    return { plane, most, least }
  })
}
