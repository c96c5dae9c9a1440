// Codes for texts that come with a 64-bit hash: a text is decoded once, when its hash is new.
// Open addressing with linear probing over typed arrays.

import { isMissingText } from '../cell-parsing.js'

/** What a slot holds: 0 nothing, 1 a text that means "missing", otherwise a code plus 2. */
const none = 0
const missing = 1

export class HashedCodes {
  readonly categories: string[] = []
  private slots = 1024
  private used = 0
  private low = new Uint32Array(this.slots)
  private high = new Uint32Array(this.slots)
  private states = new Int32Array(this.slots)

  /**
   * Codes of a part of a vector; `hashes` are pairs of words (low, high), those of NULL and of texts
   * that mean "missing" get -1. `textAt` is asked only for texts whose hash is new.
   */
  codesOf(
    hashes: Uint32Array,
    from: number,
    count: number,
    nullHash: readonly [number, number],
    into: Int32Array,
    at: number,
    textAt: (row: number) => string,
  ): void {
    const [nullLow, nullHigh] = nullHash
    let { low, high, states } = this
    let mask = this.slots - 1
    for (let i = 0; i < count; i++) {
      const a = hashes[2 * (from + i)]
      const b = hashes[2 * (from + i) + 1]
      if (a === nullLow && b === nullHigh) {
        into[at + i] = -1
        continue
      }
      let slot = (a ^ b) & mask
      while (states[slot] !== none && (low[slot] !== a || high[slot] !== b))
        slot = (slot + 1) & mask
      if (states[slot] === none) {
        into[at + i] = this.add(slot, a, b, textAt(from + i)) - 2
        ;({ low, high, states } = this)
        mask = this.slots - 1
      } else into[at + i] = states[slot] - 2
    }
  }

  private add(slot: number, low: number, high: number, text: string): number {
    const state = isMissingText(text) ? missing : this.categories.push(text) + 1
    this.put(slot, low, high, state)
    this.used++
    if (this.used * 2 > this.slots) this.grow()
    return state
  }

  private put(slot: number, low: number, high: number, state: number): void {
    this.low[slot] = low
    this.high[slot] = high
    this.states[slot] = state
  }

  private grow(): void {
    const { low, high, states, slots } = this
    this.slots = slots * 2
    this.low = new Uint32Array(this.slots)
    this.high = new Uint32Array(this.slots)
    this.states = new Int32Array(this.slots)
    for (let i = 0; i < slots; i++) {
      if (states[i] === none) continue
      let slot = (low[i] ^ high[i]) & (this.slots - 1)
      while (this.states[slot] !== none) slot = (slot + 1) & (this.slots - 1)
      this.put(slot, low[i], high[i], states[i])
    }
  }
}
