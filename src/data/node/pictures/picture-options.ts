// The options of openPictures.

import { OptionTable } from '../../../base/options.js'
import {
  aFunction,
  either,
  listOf,
  numberIn,
  oneOf,
  someText,
  tested,
  trueOrFalse,
  wholeNumber,
} from '../../../base/value-kinds.js'
import type { PictureFit } from '../../../platform/picture-decoding.js'

/** The most pixels along a side that pictures are brought to when nothing is said. */
export const largestDefaultSide = 224

/** Pictures decoded at a time when nothing is said. */
export const defaultWorkers = 2

/** Options of `openPictures`. */
export interface OpenPicturesOptions {
  /**
   * Column of a table that has the paths; refused for folders, IDX files and pictures named one by one.
   * Default: `path`, `picture`, `image`, `file`, `filename` or `file_name`.
   */
  readonly pictureColumn?: string
  /**
   * Column of a table that has the classes, refused as `pictureColumn` is. Default: `label`, `class`,
   * `target` or `category`.
   */
  readonly labelColumn?: string
  /**
   * Side of a square, or height and width. Default: the size that all pictures have, where it is at most
   * 224 × 224; else a square as large as half of the pictures' shorter sides, at most 224.
   */
  readonly pictureSize?: number | readonly number[]
  /**
   * Other proportions: `cover` (default) fills the size and cuts off what lies over, `contain` leaves black
   * borders, `fill` stretches.
   */
  readonly fit?: PictureFit
  /** 1: grey, 3: red, green, blue. Default: 1 when all pictures are grey. */
  readonly channels?: 1 | 3
  /** Classes that labels are looked up in, in this order. Default: those there are, sorted. */
  readonly classes?: readonly string[]
  /**
   * Whether a broken picture ends the reading; else it is left out and named. A damaged IDX file always
   * does. Default: false.
   */
  readonly strict?: boolean
  /** Whether paths and links may lead out of the folder. Default: false. */
  readonly outside?: boolean
  /** Pictures of more pixels count as broken, before they are decoded. Default: 100,000,000. */
  readonly maxPixels?: number
  /** Pictures decoded at a time, each on a thread of its own; those of IDX files need no decoding. Default: 2. */
  readonly workers?: number
  /**
   * Bytes that pixels may take in memory; more are decoded anew in each epoch, or refused where they come
   * from IDX files. Default: a third of what is free; IDX files always.
   */
  readonly memoryLimit?: number
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void
  readonly signal?: AbortSignal
}

const side = wholeNumber({ min: 1, max: 4096 })

export const openPicturesOptions = new OptionTable<OpenPicturesOptions>({
  pictureColumn: someText,
  labelColumn: someText,
  pictureSize: either(side, listOf(side, { min: 2, max: 2 })),
  fit: oneOf(['cover', 'contain', 'fill']),
  channels: tested('1 or 3', value => value === 1 || value === 3, [0, 2, 4, '1']),
  classes: listOf(someText),
  strict: trueOrFalse,
  outside: trueOrFalse,
  maxPixels: wholeNumber({ min: 1 }),
  workers: wholeNumber({ min: 1, max: 64 }),
  memoryLimit: numberIn({ min: 0 }),
  onProgress: aFunction(),
  signal: tested('an AbortSignal', value => value instanceof AbortSignal, [0, 'stop']),
})
