// Pictures in a browser: decoded by the browser itself and drawn on a canvas.

import {
  brokenPicture,
  type DecodedPicture,
  type DecodeOptions,
  defaultMaxPixels,
  greyOf,
  type PictureFit,
  tooManyPixels,
  whyNoPicture,
} from './picture-decoding.js'

const broken = (received: string, cause?: unknown) =>
  brokenPicture('PNG, JPEG, WebP or GIF', received, cause)

export async function decodePicture(
  bytes: Uint8Array,
  { size, fit = 'cover', channels = 3 }: DecodeOptions = {},
): Promise<DecodedPicture> {
  const reason = whyNoPicture(bytes)
  if (reason !== undefined) throw broken(reason)
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>])
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' }).catch(cause => {
    throw broken(String(cause), cause)
  })
  if (bitmap.width * bitmap.height > defaultMaxPixels)
    throw broken(tooManyPixels(bitmap, defaultMaxPixels))
  const [height, width] = size ?? [bitmap.height, bitmap.width]
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  const place = placeOf(bitmap, height, width, fit)
  context.fillStyle = '#000000'
  context.fillRect(0, 0, width, height)
  context.fillStyle = '#ffffff'
  context.fillRect(...place)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, ...place)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  const pixels = new Uint8Array(width * height * channels)
  for (let i = 0; i < width * height; i++)
    if (channels === 3) for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[4 * i + c]
    else pixels[i] = greyOf(data[4 * i], data[4 * i + 1], data[4 * i + 2])
  return { pixels, height, width, channels }
}

/** Where the whole picture lies on a canvas of that size. */
function placeOf(
  picture: { readonly width: number; readonly height: number },
  height: number,
  width: number,
  fit: PictureFit,
): [x: number, y: number, width: number, height: number] {
  if (fit === 'fill') return [0, 0, width, height]
  const across = width / picture.width
  const down = height / picture.height
  const scale = fit === 'cover' ? Math.max(across, down) : Math.min(across, down)
  const [w, h] = [picture.width * scale, picture.height * scale]
  return [(width - w) / 2, (height - h) / 2, w, h]
}

/** A PNG file of pixels. */
export async function encodePng({
  pixels,
  height,
  width,
  channels,
}: DecodedPicture): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  const image = context.createImageData(width, height)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      image.data[4 * i + c] = pixels[i * channels + (channels === 1 ? 0 : c)]
    image.data[4 * i + 3] = 255
  }
  context.putImageData(image, 0, 0)
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
}
