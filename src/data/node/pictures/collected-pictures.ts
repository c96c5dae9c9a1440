// Decoded pictures of one size, taken in any order and lined up in that of their list: kept where memory
// allows, and compared with those before them.

import { DuplicateFinder } from '../../pictures/duplicate-pictures.js'
import type { PictureShape } from '../../pictures/picture-dataset.js'

export class CollectedPictures {
  /** Place in the list of each row. */
  readonly places: number[] = []
  /** Row that is the first of each row's equals. */
  readonly duplicateOf: number[] = []
  private readonly size: number
  private readonly kept: Uint8Array | undefined
  private readonly waiting = new Map<number, Uint8Array | undefined>()
  private readonly finder: DuplicateFinder
  private next = 0

  /** Room for `count` pictures, where they take no more than `limit` bytes. */
  constructor(
    readonly shape: PictureShape,
    count: number,
    limit: number,
  ) {
    this.size = shape[0] * shape[1] * shape[2]
    this.kept = count * this.size <= limit ? new Uint8Array(count * this.size) : undefined
    this.finder = new DuplicateFinder(shape, row =>
      this.kept?.subarray(row * this.size, (row + 1) * this.size),
    )
  }

  /** The picture at a place of the list; without pixels, one that cannot be used. */
  add(place: number, pixels: Uint8Array | undefined): void {
    this.waiting.set(place, pixels)
    for (; this.waiting.has(this.next); this.next++) {
      const now = this.waiting.get(this.next)
      this.waiting.delete(this.next)
      if (now === undefined) continue
      const row = this.places.length
      this.kept?.set(now, row * this.size)
      this.places.push(this.next)
      this.duplicateOf.push(this.finder.add(row, now))
    }
  }

  /** Pixels of all rows; undefined where they would take too much memory. */
  get pixels(): Uint8Array | undefined {
    return this.kept?.subarray(0, this.places.length * this.size)
  }
}
