// Pictures in Node: decoded and resized by libvips on threads of libuv. Loaded when the first picture is.

import type { Sharp } from 'sharp'
import type { AthanorError } from '../base/errors.js'
import {
  brokenPicture,
  type DecodedPicture,
  type DecodeOptions,
  defaultMaxPixels,
  greyOf,
  type OpenedPicture,
  type PictureHead,
  tooManyPixels,
  whyNoPicture,
} from './picture-decoding.js'

let loading: Promise<typeof import('sharp').default> | undefined

function library(): Promise<typeof import('sharp').default> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // One thread for each picture: several pictures are in the works at a time. Nothing is kept.
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loading
}

const broken = (received: string, cause?: unknown) =>
  brokenPicture('PNG, JPEG, WebP, GIF or TIFF', received, cause)

/** Types of values that become 8 bits by their range: of others nothing says which value is white. */
const readDepths: ReadonlySet<string> = new Set(['uchar', 'ushort'])

/** What libvips says of it, without the words that say nothing. */
function unreadable(error: unknown): AthanorError {
  const text = error instanceof Error ? error.message : String(error)
  const [detail] = text
    .replace(/^Input buffer has corrupt header:|^Unknown error/, '')
    .trim()
    .split('\n')
  return broken(detail === '' ? 'damaged or cut short' : `damaged or cut short (${detail})`, error)
}

/** Reads a picture's head, once. Throws FORMAT for what is no picture, or has more than `maxPixels`. */
export async function openPicture(
  bytes: Uint8Array,
  maxPixels = defaultMaxPixels,
): Promise<OpenedPicture> {
  const reason = whyNoPicture(bytes)
  if (reason !== undefined) throw broken(reason)
  const sharp = await library()
  const options = { failOn: 'error', pages: 1, animated: false } as const
  const found = await sharp(bytes, { ...options, limitInputPixels: false })
    .metadata()
    .catch(error => {
      throw unreadable(error)
    })
  const { width, height } = found.autoOrient
  const head = { width, height, grey: found.space === 'b-w' || found.space === 'grey16' }
  if (!readDepths.has(found.depth))
    throw broken(`values of type ${found.depth}, not of 8 or 16 bits without a sign`)
  if (width * height > maxPixels) throw broken(tooManyPixels(head, maxPixels))
  return {
    head,
    decode: asked => decode(sharp(bytes, { ...options, limitInputPixels: maxPixels }), head, asked),
  }
}

/**
 * The pixels of a PNG, JPEG, WebP, GIF (first frame) or TIFF (first page), upright as its EXIF
 * orientation says, 8 bits a channel, transparent parts on white. Throws FORMAT.
 */
export async function decodePicture(
  bytes: Uint8Array,
  options?: DecodeOptions,
): Promise<DecodedPicture> {
  return (await openPicture(bytes)).decode(options)
}

async function decode(
  image: Sharp,
  head: PictureHead,
  { size, fit = 'cover', channels }: DecodeOptions = {},
): Promise<DecodedPicture> {
  const wanted = channels ?? (head.grey ? 1 : 3)
  const hasSize = size === undefined || (size[0] === head.height && size[1] === head.width)
  const upright = image.autoOrient().flatten({ background: '#ffffff' })
  const sized = hasSize ? upright : upright.resize(size[1], size[0], { fit, background: '#000000' })
  const { data, info } = await sized
    .toColourspace(wanted === 1 && head.grey ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw unreadable(error)
    })
  return {
    pixels: withChannels(data, info.width * info.height, info.channels, wanted),
    height: info.height,
    width: info.width,
    channels: wanted,
  }
}

/** Grey pictures asked for in colours come with one channel or two, coloured ones asked for in grey with three. */
function withChannels(data: Uint8Array, pixels: number, given: number, wanted: 1 | 3): Uint8Array {
  if (given === wanted) return new Uint8Array(data.buffer, data.byteOffset, data.length)
  const out = new Uint8Array(pixels * wanted)
  for (let i = 0; i < pixels; i++)
    if (wanted === 1 && given > 2)
      out[i] = greyOf(data[i * given], data[i * given + 1], data[i * given + 2])
    else
      for (let c = 0; c < wanted; c++) out[i * wanted + c] = data[i * given + (given < 3 ? 0 : c)]
  return out
}

/** A PNG file of pixels. */
export async function encodePng({
  pixels,
  height,
  width,
  channels,
}: DecodedPicture): Promise<Uint8Array> {
  const sharp = await library()
  return sharp(pixels, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9 })
    .toBuffer()
}
