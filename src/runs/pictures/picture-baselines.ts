// What a picture model is held against: always the most frequent class, and a linear model over the pixels of
// thumbnails.

import { LogisticRegression } from '../../classic/linear/logistic-regression.js'
import { resizePixels } from '../../data/pictures/index.js'
import { sampleOf } from '../baselines.js'
import { type ClassAnswers, measure } from '../evaluation.js'
import type { MetricValues } from '../report/report-data.js'
import type { PreparedPictures } from './prepare-pictures.js'

/** Side of the thumbnails, and training pictures of the linear model at most: a few seconds. */
const largestSide = 14
const mostRows = 2000
const iterations = 60

/** Pictures read at a time. */
const chunk = 512

export async function measurePictureBaselines(
  prepared: PreparedPictures,
): Promise<Record<'dummy' | 'linear', MetricValues>> {
  const { pictures, split, classCounts } = prepared
  const classes = pictures.classes.length
  const truth = Int32Array.from(split.test, row => pictures.labels[row])
  const answer = (probabilities: Float64Array): ClassAnswers => ({
    task: 'classification',
    classes,
    truth,
    probabilities,
  })
  const shares = classCounts.map(count => count / split.train.length)
  const dummy = Float64Array.from({ length: truth.length * classes }, (_, i) => shares[i % classes])
  const rows = sampleOf(split.train, mostRows)
  const labels = Int32Array.from(rows, row => pictures.labels[row])
  const linear = await new LogisticRegression({ maxIter: iterations, C: 0.1 }).fit(
    await thumbnails(prepared, rows),
    labels,
    { classes: Array.from({ length: classes }, (_, i) => i) },
  )
  return {
    dummy: measure(answer(dummy)),
    linear: measure(answer(await linear.predictProba(await thumbnails(prepared, split.test)))),
  }
}

async function thumbnails({ pictures, statistics }: PreparedPictures, rows: Uint32Array) {
  const { shape } = pictures
  const [height, width, channels] = shape
  const scale = Math.min(1, largestSide / Math.max(height, width))
  const size = [
    Math.max(1, Math.round(height * scale)),
    Math.max(1, Math.round(width * scale)),
  ] as const
  const from = height * width * channels
  const to = size[0] * size[1] * channels
  const x = new Float32Array(rows.length * to)
  for (let start = 0; start < rows.length; start += chunk) {
    const pixels = await pictures.batch(rows.subarray(start, start + chunk))
    for (let i = 0; i < pixels.length / from; i++) {
      const small = resizePixels(pixels.subarray(i * from, (i + 1) * from), shape, size, 'fill')
      const at = (start + i) * to
      for (let k = 0; k < to; k++) {
        const c = k % channels
        x[at + k] = (small[k] / 255 - statistics.mean[c]) / statistics.std[c]
      }
    }
  }
  return { x, rows: rows.length, width: to }
}
