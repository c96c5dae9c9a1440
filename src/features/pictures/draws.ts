// Random numbers of one picture in one epoch: a function of (seed, row, epoch, step) alone, so that it does not
// matter which pictures were augmented before, or on which thread.

import { argumentError } from '../../base/errors.js'
import { philox4x32 } from '../../base/philox.js'

/** No other use of the same seed sees these numbers. */
const stream = 0x61756700

export class PictureDraws {
  private readonly key: Uint32Array
  private readonly counter = new Uint32Array(4)
  private readonly words = new Uint32Array(4)
  private used = 4

  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw argumentError('augmentation', 'a whole, non-negative seed below 2^53', String(seed))
    this.key = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32))
  }

  /** Goes to the numbers of one step of one picture. */
  begin(row: number, epoch: number, step: number): void {
    const { counter } = this
    counter[0] = 0
    counter[1] = row
    counter[2] = epoch
    counter[3] = stream + step
    this.used = 4
  }

  /** In [0, 1). */
  uniform(): number {
    if (this.used === 4) {
      philox4x32(this.counter, this.key, this.words)
      this.counter[0]++
      this.used = 0
    }
    return this.words[this.used++] / 4294967296
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }
}
