// What names of files and folders say: that there is a picture in it, which part of the data it is.

import { basename } from 'node:path'
import type { GivenPart } from '../../pictures/picture-dataset.js'

/** Names by which a file means to be a picture, also where it is one that cannot be read here. */
const pictureNames = /\.(png|jpe?g|jpe|jfif|webp|gif|tiff?|bmp|heic|avif)$/i

export function isPictureName(path: string): boolean {
  return pictureNames.test(path)
}

const idxNames = {
  images: /^(.*?)[-_.]?images[-_.]idx[34][-_.]ubyte(\.gz)?$/i,
  labels: /^(.*?)[-_.]?labels[-_.]idx1[-_.]ubyte(\.gz)?$/i,
} as const

/** What comes before `images-idx3-ubyte` or `labels-idx1-ubyte`; undefined for other names. */
export function idxPrefix(path: string, what: keyof typeof idxNames): string | undefined {
  return idxNames[what].exec(basename(path))?.[1]
}

export function isIdxName(path: string): boolean {
  return idxPrefix(path, 'images') !== undefined || idxPrefix(path, 'labels') !== undefined
}

const parts: Readonly<Record<string, GivenPart>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  eval: 'validation',
  test: 'test',
  testing: 'test',
  t10k: 'test',
}

/** The part that a name stands for, whatever its case; undefined for other names. */
export function partNamed(name: string): GivenPart | undefined {
  const lower = name.toLowerCase()
  return Object.hasOwn(parts, lower) ? parts[lower] : undefined
}
