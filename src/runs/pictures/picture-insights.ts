// What a net shows of itself in a report: where it looked, and the filters of its first convolution.

import { gradCam } from '../../applications/pictures/index.js'
import { AthanorError } from '../../base/errors.js'
import { resizePixels, withDepth } from '../../data/pictures/index.js'
import { pictureUri } from '../../features/pictures/contact-sheet.js'
import { PictureScaler } from '../../features/pictures/index.js'
import { Conv2D } from '../../nn/conv/conv2d.js'
import { GraphModel } from '../../nn/graph-model.js'
import { tensorOver } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import type { PictureFigures } from '../report/report-data.js'
import { type PartAnswers, predictedClass } from './picture-answers.js'
import type { PreparedPictures } from './prepare-pictures.js'

/** Pictures shown, at most one of a class. */
const mostFocused = 10
const mostFilters = 64

/** The first test picture of each class beside the places that spoke for the class predicted. */
export async function focusOf(
  { pictures, statistics }: PreparedPictures,
  net: Model,
  { rows, answers }: PartAnswers,
): Promise<PictureFigures['focus']> {
  const shown: number[] = []
  const seen = new Set<number>()
  rows.forEach((_, i) => {
    if (seen.has(answers.truth[i]) || shown.length === mostFocused) return
    seen.add(answers.truth[i])
    shown.push(i)
  })
  const ids = Uint32Array.from(shown, i => rows[i])
  const pixels = await pictures.batch(ids)
  const x = tensorOver(
    new PictureScaler(statistics).apply(pixels),
    [ids.length, ...pictures.shape],
    'float32',
  )
  const predicted = shown.map(i => predictedClass(answers, i))
  // A net of dense layers looks everywhere at once.
  const maps = await gradCam(net, x, predicted).catch(error => {
    if (error instanceof AthanorError && error.code === 'ARGUMENT') return undefined
    throw error
  })
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
  const kernel = first?.parameters()[0]
  if (kernel === undefined || kernel.shape.length !== 4) return []
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
