// A uniform sample of the rows of a stream whose length isn't known: algorithm L (Li 1994,
// "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))"). The choice depends on the
// rows' order alone, not on how the stream is cut into chunks.

import { Random } from '../base/philox.js'

export interface Picks {
  /** Positions within the chunk. */
  readonly rows: readonly number[]
  /** The place of each in the sample; a later row may take an earlier one's place. */
  readonly slots: readonly number[]
}

export class RowReservoir {
  private readonly random: Random
  private seen = 0
  private weight = 1
  /** Number, counted over the whole stream, of the next row to be picked once the sample is full. */
  private next = -1

  constructor(
    readonly capacity: number,
    seed = 0,
  ) {
    this.random = new Random(seed, 0x5a3)
  }

  get size(): number {
    return Math.min(this.seen, this.capacity)
  }

  /** Which of the next `count` rows enter the sample, and where. */
  take(count: number): Picks {
    const rows: number[] = []
    const slots: number[] = []
    const start = this.seen
    const end = start + count
    for (let row = start; row < Math.min(end, this.capacity); row++) {
      rows.push(row - start)
      slots.push(row)
    }
    this.seen = end
    if (end > this.capacity && this.next < 0) {
      this.next = this.capacity - 1
      this.skip()
    }
    while (this.next >= 0 && this.next < end) {
      rows.push(this.next - start)
      slots.push(this.random.integer(this.capacity))
      this.skip()
    }
    return { rows, slots }
  }

  private skip(): void {
    this.weight *= Math.exp(Math.log(1 - this.random.uniform()) / this.capacity)
    const gap = Math.floor(Math.log(1 - this.random.uniform()) / Math.log1p(-this.weight))
    this.next += gap + 1
  }
}
