// The one check of a picture's shape.

import { argumentError } from '../../base/errors.js'
import { valueWords } from '../../base/value-kinds.js'
import type { PictureShape } from './picture-dataset.js'

/** @throws AthanorError ARGUMENT for anything but [height, width, channels], whole numbers from 1. */
export function requirePictureShape(operation: string, shape: PictureShape): void {
  if (Array.isArray(shape) && shape.length === 3 && shape.every(isSide)) return
  throw argumentError(
    operation,
    'a shape [height, width, channels] of whole numbers from 1',
    valueWords(shape),
  )
}

function isSide(size: unknown): boolean {
  return Number.isSafeInteger(size) && (size as number) >= 1
}

/** @throws AthanorError ARGUMENT for anything but bytes. */
export function requireBytes(operation: string, pixels: Uint8Array): void {
  if (pixels instanceof Uint8Array || (pixels as unknown) instanceof Uint8ClampedArray) return
  throw argumentError(operation, 'pixels as a Uint8Array', kindWords(pixels))
}

function kindWords(value: unknown): string {
  return ArrayBuffer.isView(value) ? `a ${value.constructor.name}` : valueWords(value)
}
