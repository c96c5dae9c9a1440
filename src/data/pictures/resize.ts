// Pixels brought to another size by a triangle filter as wide as the reduction, so that all pixels count
// (what Pillow calls bilinear): the same in Node and in a browser.

import { argumentError } from '../../base/errors.js'
import { oneOf, valueWords } from '../../base/value-kinds.js'
import type { PictureFit } from '../../platform/picture-decoding.js'
import type { PictureShape } from './picture-dataset.js'
import { requireBytes, requirePictureShape } from './picture-shape.js'

const fits = oneOf(['cover', 'contain', 'fill'] as const satisfies readonly PictureFit[])

/** Where each value of a line comes from: a run of weights that add up to 1. */
interface Taps {
  readonly first: Int32Array
  readonly weights: readonly Float64Array[]
}

/** `to` places over the stretch of a line from `start` on, `length` long. */
function tapsFor(from: number, to: number, start: number, length: number): Taps {
  const scale = length / to
  const support = Math.max(1, scale)
  const first = new Int32Array(to)
  const weights: Float64Array[] = []
  for (let i = 0; i < to; i++) {
    const center = start + (i + 0.5) * scale - 0.5
    const low = Math.max(0, Math.ceil(center - support))
    const high = Math.min(from - 1, Math.floor(center + support))
    const run = new Float64Array(Math.max(1, high - low + 1))
    let sum = 0
    for (let k = low; k <= high; k++) {
      const weight = Math.max(0, 1 - Math.abs(k - center) / support)
      run[k - low] = weight
      sum += weight
    }
    if (sum > 0) for (let k = 0; k < run.length; k++) run[k] /= sum
    else run[0] = 1
    first[i] = Math.min(low, from - 1)
    weights.push(run)
  }
  return { first, weights }
}

/**
 * One picture in another size. `fit` says what becomes of other proportions: 'cover' cuts off what lies
 * over, 'contain' leaves black borders, 'fill' stretches.
 *
 * @throws AthanorError ARGUMENT where `pixels` is not of `shape`, a size is no whole number from 1, or `fit` is
 * none of the three.
 * @example
 * ```ts
 * resizePixels(Uint8Array.of(0, 100, 100, 200), [2, 2, 1], [1, 1], 'fill') // Uint8Array [100]
 * ```
 */
export function resizePixels(
  pixels: Uint8Array,
  shape: PictureShape,
  size: readonly [height: number, width: number],
  fit: PictureFit = 'cover',
): Uint8Array {
  requirePictureShape('resizePixels', shape)
  requireBytes('resizePixels', pixels)
  const [height, width, channels] = shape
  if (pixels.length !== height * width * channels)
    throw argumentError(
      'resizePixels',
      `${height} × ${width} × ${channels} values`,
      String(pixels.length),
    )
  if (!isSize(size))
    throw argumentError(
      'resizePixels',
      'a size [height, width] of whole sizes from 1',
      valueWords(size),
    )
  if (!fits.accepts(fit))
    throw argumentError('resizePixels', `a fit that is ${fits.expected}`, valueWords(fit))
  const [toHeight, toWidth] = size
  if (toHeight === height && toWidth === width) return pixels.slice()
  if (fit === 'contain') return contained(pixels, shape, size)
  let [x, y, w, h] = [0, 0, width, height]
  if (fit === 'cover') {
    const scale = Math.min(width / toWidth, height / toHeight)
    w = toWidth * scale
    h = toHeight * scale
    x = (width - w) / 2
    y = (height - h) / 2
  }
  const across = tapsFor(width, toWidth, x, w)
  const down = tapsFor(height, toHeight, y, h)
  const lines = new Float32Array(height * toWidth * channels)
  for (let row = 0; row < height; row++)
    for (let i = 0; i < toWidth; i++) {
      const run = across.weights[i]
      const from = (row * width + across.first[i]) * channels
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let k = 0; k < run.length; k++) sum += run[k] * pixels[from + k * channels + c]
        lines[(row * toWidth + i) * channels + c] = sum
      }
    }
  const out = new Uint8Array(toHeight * toWidth * channels)
  const stride = toWidth * channels
  for (let i = 0; i < toHeight; i++) {
    const run = down.weights[i]
    const from = down.first[i] * stride
    for (let j = 0; j < stride; j++) {
      let sum = 0
      for (let k = 0; k < run.length; k++) sum += run[k] * lines[from + k * stride + j]
      out[i * stride + j] = Math.min(255, Math.max(0, Math.round(sum)))
    }
  }
  return out
}

function isSize(size: unknown): boolean {
  return (
    Array.isArray(size) &&
    size.length === 2 &&
    size.every(side => Number.isSafeInteger(side) && side >= 1)
  )
}

function contained(
  pixels: Uint8Array,
  shape: PictureShape,
  [toHeight, toWidth]: readonly [number, number],
): Uint8Array {
  const [height, width, channels] = shape
  const scale = Math.min(toWidth / width, toHeight / height)
  const w = Math.max(1, Math.min(toWidth, Math.round(width * scale)))
  const h = Math.max(1, Math.min(toHeight, Math.round(height * scale)))
  const inner = resizePixels(pixels, shape, [h, w], 'fill')
  const out = new Uint8Array(toHeight * toWidth * channels)
  const left = (toWidth - w) >> 1
  const top = (toHeight - h) >> 1
  for (let row = 0; row < h; row++)
    out.set(
      inner.subarray(row * w * channels, (row + 1) * w * channels),
      ((row + top) * toWidth + left) * channels,
    )
  return out
}
