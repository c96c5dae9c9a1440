// Codes for texts that come with a 64-bit hash: a text is decoded once, when its hash is new.
// Open addressing with linear probing over typed arrays.

export class HashedCodes {
  readonly categories: string[] = []
  private slots = 1024
  private low = new Uint32Array(this.slots)
  private high = new Uint32Array(this.slots)
  private codes = new Int32Array(this.slots).fill(-1)

  /** The code of a text; `decode` is asked for it only when its hash is new. */
  code(low: number, high: number, decode: () => string): number {
    let slot = (low ^ high) & (this.slots - 1)
    for (; this.codes[slot] >= 0; slot = (slot + 1) & (this.slots - 1))
      if (this.low[slot] === low && this.high[slot] === high) return this.codes[slot]
    const code = this.categories.length
    this.categories.push(decode())
    this.put(slot, low, high, code)
    if (code * 2 > this.slots) this.grow()
    return code
  }

  /** Codes of a whole vector: `hashes` are pairs of words (low, high); returns how many are missing. */
  codesOf(
    hashes: Uint32Array,
    from: number,
    count: number,
    nullLow: number,
    nullHigh: number,
    into: Int32Array,
    at: number,
    textAt: (row: number) => string,
  ): void {
    let { low, high, codes } = this
    let mask = this.slots - 1
    for (let i = 0; i < count; i++) {
      const a = hashes[2 * (from + i)]
      const b = hashes[2 * (from + i) + 1]
      if (a === nullLow && b === nullHigh) {
        into[at + i] = -1
        continue
      }
      let slot = (a ^ b) & mask
      while (codes[slot] >= 0 && (low[slot] !== a || high[slot] !== b)) slot = (slot + 1) & mask
      if (codes[slot] >= 0) into[at + i] = codes[slot]
      else {
        into[at + i] = this.code(a, b, () => textAt(from + i))
        ;({ low, high, codes } = this)
        mask = this.slots - 1
      }
    }
  }

  private put(slot: number, low: number, high: number, code: number): void {
    this.low[slot] = low
    this.high[slot] = high
    this.codes[slot] = code
  }

  private grow(): void {
    const { low, high, codes, slots } = this
    this.slots = slots * 2
    this.low = new Uint32Array(this.slots)
    this.high = new Uint32Array(this.slots)
    this.codes = new Int32Array(this.slots).fill(-1)
    for (let i = 0; i < slots; i++) {
      if (codes[i] < 0) continue
      let slot = (low[i] ^ high[i]) & (this.slots - 1)
      while (this.codes[slot] >= 0) slot = (slot + 1) & (this.slots - 1)
      this.put(slot, low[i], high[i], codes[i])
    }
  }
}
