// Pictures side by side with captions, as one SVG that holds them.

import { encodePng } from '#platform'
import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { someText, valueWords, wholeNumber } from '../../base/value-kinds.js'
import { escapeXml } from '../../base/xml.js'
import type { PictureDataset, PictureShape } from '../../data/pictures/index.js'
import { requireBytes, requirePictureShape } from '../../data/pictures/picture-shape.js'
import type { PictureAugmenter } from './picture-augmenter.js'

/** A line of a contact sheet. */
export interface ContactLine {
  readonly caption: string
  /** Pixels of each picture. */
  readonly pictures: readonly Uint8Array[]
}

/** Options of `contactSheet`. */
export interface ContactSheetOptions {
  /** Height of a picture on the sheet, in pixels. Default 64, or the picture's own where it is larger, up to 160. */
  readonly height?: number
  /** Words above the first and the other pictures. */
  readonly first?: string
  readonly others?: string
}

const options = new OptionTable<ContactSheetOptions>({
  height: wholeNumber({ min: 8, max: 1024 }),
  first: someText,
  others: someText,
})

const operation = 'augment.contactSheet'
const gap = 6
const captionWidth = 110

/**
 * A sheet with a line of pictures for each caption, as SVG text; the pictures are in it as PNG.
 *
 * @throws AthanorError ARGUMENT for options, a shape that is not that of a grey or coloured picture, lines whose
 * pictures are not of it.
 * @example
 * ```ts
 * const line = { caption: 'a square', pictures: [new Uint8Array(64).fill(200)] }
 * const svg = await augment.contactSheet([line], [8, 8, 1]) // <svg …
 * ```
 */
export async function contactSheet(
  lines: readonly ContactLine[],
  shape: PictureShape,
  given: ContactSheetOptions = {},
): Promise<string> {
  options.check(operation, given)
  requireLines(lines, shape)
  const tall = given.height ?? Math.min(160, Math.max(64, shape[0]))
  const wide = Math.round((tall * shape[1]) / shape[0])
  const columns = lines.reduce((most, { pictures }) => Math.max(most, pictures.length), 0)
  const head = given.first === undefined && given.others === undefined ? 0 : 20
  const width = captionWidth + columns * (wide + gap)
  const height = head + lines.length * (tall + gap)
  const x = (column: number) => captionWidth + column * (wide + gap)
  const parts: string[] = []
  if (head > 0) {
    if (given.first !== undefined) parts.push(text(x(0), 13, given.first))
    if (given.others !== undefined && columns > 1) parts.push(text(x(1), 13, given.others))
  }
  for (const [i, { caption, pictures }] of lines.entries()) {
    const y = head + i * (tall + gap)
    parts.push(text(0, y + tall / 2 + 4, shortened(caption)))
    for (const [column, pixels] of pictures.entries())
      parts.push(
        `<image x="${x(column)}" y="${y}" width="${wide}" height="${tall}" href="${await pictureUri(pixels, shape)}"/>`,
      )
  }
  const look = 'font-family="system-ui, sans-serif" font-size="12" fill="currentColor"'
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" ${look} style="image-rendering: pixelated">${parts.join('')}</svg>`
  )
}

function requireLines(lines: readonly ContactLine[], shape: PictureShape): void {
  requirePictureShape(operation, shape)
  const [height, width, channels] = shape
  if (channels !== 1 && channels !== 3)
    throw argumentError(operation, 'pictures of 1 or 3 channels', String(channels))
  if (!Array.isArray(lines)) throw argumentError(operation, 'a list of lines', valueWords(lines))
  for (const line of lines) {
    if (typeof line?.caption !== 'string' || !Array.isArray(line.pictures))
      throw argumentError(operation, 'lines of { caption, pictures }', valueWords(line))
    for (const pixels of line.pictures) {
      requireBytes(operation, pixels)
      if (pixels.length !== height * width * channels)
        throw argumentError(
          operation,
          `pictures of ${shape.join(' × ')} values`,
          `one of ${pixels.length}`,
        )
    }
  }
}

/**
 * Pictures of a dataset beside what augmentation makes of each in some epochs.
 *
 * @throws AthanorError ARGUMENT for rows that are not there, or epochs that are no whole number from 0.
 */
export async function augmentationSheet(
  pictures: PictureDataset,
  rows: Uint32Array,
  augmenter: PictureAugmenter,
  epochs: number,
  given: ContactSheetOptions = {},
): Promise<string> {
  if (!Number.isSafeInteger(epochs) || epochs < 0)
    throw argumentError('augment.augmentationSheet', 'epochs from 0', valueWords(epochs))
  const lines: ContactLine[] = []
  for (const row of rows) {
    const one = Uint32Array.of(row)
    const original = await pictures.batch(one)
    const changed = Array.from({ length: epochs }, (_, epoch) =>
      augmenter.apply(original.slice(), one, epoch),
    )
    lines.push({
      caption: pictures.classes[pictures.labels[row]] ?? pictures.name(row),
      pictures: [original, ...changed],
    })
  }
  return contactSheet(lines, pictures.shape, given)
}

function text(x: number, y: number, words: string): string {
  return `<text x="${x}" y="${y}">${escapeXml(words)}</text>`
}

function shortened(words: string): string {
  const letters = [...words]
  return letters.length > 17 ? `${letters.slice(0, 16).join('')}…` : words
}

/** A picture as a data URI. */
export async function pictureUri(
  pixels: Uint8Array,
  [height, width, channels]: PictureShape,
): Promise<string> {
  const png = await encodePng({ pixels, height, width, channels: channels === 1 ? 1 : 3 })
  let letters = ''
  for (const byte of png) letters += String.fromCharCode(byte)
  return `data:image/png;base64,${btoa(letters)}`
}
