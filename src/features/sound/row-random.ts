// Random numbers that belong to a row and an epoch: the same whatever was drawn before, in whichever
// order or process.

import { philox4x32, Random } from '../../base/philox.js'

/** Which numbers: those of a row in an epoch, from a run's seed. */
export interface RowDraw {
  readonly seed: number
  readonly row: number
  readonly epoch: number
}

/** `purpose` keeps the draws of different augmentations apart. */
export function randomOf({ seed, row, epoch }: RowDraw, purpose: number): Random {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32)]
  const words = philox4x32([row, epoch, purpose, 0x736e64], key)
  return new Random(words[0] * 2 ** 21 + (words[1] >>> 11), words[2])
}
