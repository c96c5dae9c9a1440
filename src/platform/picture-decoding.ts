// What both platforms' picture decoders take and give: node-pictures.ts and browser-pictures.ts.

import { AthanorError } from '../base/errors.js'

/** How a picture is brought to a given size. */
export type PictureFit = 'cover' | 'contain' | 'fill'

export interface DecodeOptions {
  /** Size of the result; its own where absent. */
  readonly size?: readonly [height: number, width: number]
  /**
   * `cover` fills the size and cuts off what lies over, `contain` shows all of the picture between black
   * borders, `fill` stretches. Default `cover`.
   */
  readonly fit?: PictureFit
  /** 1: grey, 3: red, green, blue; as the picture has it where absent. */
  readonly channels?: 1 | 3
}

/** Pixels from the upper left, row by row, the channels of one beside each other. */
export interface DecodedPicture {
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
}

/** What a picture's head says, its orientation taken into account. */
export interface PictureHead {
  readonly height: number
  readonly width: number
  readonly grey: boolean
}

/** A picture whose head has been read. */
export interface OpenedPicture {
  readonly head: PictureHead
  /** Its pixels, as `decodePicture` gives them. */
  decode(options?: DecodeOptions): Promise<DecodedPicture>
}

/** Grey of a colour, by its luminance (Rec. 709): one and the same wherever pictures become grey. */
export function greyOf(red: number, green: number, blue: number): number {
  return Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

/** Pictures of more pixels are refused before anything is decoded, where nothing else is said: 100 megapixels. */
export const defaultMaxPixels = 100_000_000

const signatures: readonly (readonly [format: string, bytes: readonly (number | null)[]])[] = [
  ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['GIF', [0x47, 0x49, 0x46, 0x38]],
  ['TIFF', [0x49, 0x49, 0x2a, 0x00]],
  ['TIFF', [0x4d, 0x4d, 0x00, 0x2a]],
  ['WebP', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
]

/** What is said of bytes that cannot be decoded. */
export function brokenPicture(formats: string, received: string, cause?: unknown): AthanorError {
  return new AthanorError('FORMAT', {
    operation: 'decoding a picture',
    expected: `a whole ${formats}`,
    received,
    cause,
  })
}

/** The format by a file's first bytes; undefined for what is none of those that are read. */
export function pictureFormat(bytes: Uint8Array): string | undefined {
  return signatures.find(([, signature]) =>
    signature.every((byte, i) => byte === null || bytes[i] === byte),
  )?.[0]
}

/** Why these bytes cannot be a picture; undefined where they may be one. */
export function whyNoPicture(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file'
  if (pictureFormat(bytes) === undefined) return 'neither PNG, JPEG, WebP, GIF nor TIFF'
  return undefined
}

export function tooManyPixels(
  { height, width }: Pick<PictureHead, 'height' | 'width'>,
  maxPixels: number,
): string {
  return `${width} × ${height} pixels, more than ${maxPixels}`
}
