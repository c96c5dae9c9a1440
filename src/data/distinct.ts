// How many different numbers a column holds: exactly while they are few, then estimated.
// Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog" (2007), with 4,096 registers: ±1.6 %.

const exactLimit = 4096
const registerBits = 12
const registers = 1 << registerBits

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

export class DistinctCounter {
  private exact: Set<number> | undefined = new Set()
  private readonly ranks = new Uint8Array(registers)
  private last = Number.NaN

  /** NaN cells are left out. */
  add(values: Float64Array, rows = values.length): void {
    let i = 0
    if (this.exact !== undefined) {
      const { exact } = this
      for (; i < rows && exact.size < exactLimit; i++) {
        const value = values[i]
        if (!Number.isNaN(value) && value !== this.last) exact.add(value)
        this.last = value
      }
      if (exact.size >= exactLimit) {
        for (const value of exact) this.count(value)
        this.exact = undefined
      }
    }
    for (; i < rows; i++) if (!Number.isNaN(values[i])) this.count(values[i])
  }

  /** Texts are counted by estimate only. */
  addTexts(texts: readonly string[]): void {
    this.exact = undefined
    for (const text of texts) {
      // FNV-1a, twice with different bases: two words of a hash.
      let a = 0x811c9dc5
      let b = 0x01000193
      for (let i = 0; i < text.length; i++) {
        a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
        b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b)
      }
      this.countWords(a, b)
    }
  }

  get estimated(): boolean {
    return this.exact === undefined
  }

  get distinct(): number {
    if (this.exact !== undefined) return this.exact.size
    let sum = 0
    let empty = 0
    for (const rank of this.ranks) {
      sum += 2 ** -rank
      if (rank === 0) empty++
    }
    const estimate = ((0.7213 / (1 + 1.079 / registers)) * registers * registers) / sum
    if (estimate <= 2.5 * registers && empty > 0)
      return Math.round(registers * Math.log(registers / empty))
    return Math.round(estimate)
  }

  private count(value: number): void {
    double[0] = value === 0 ? 0 : value
    this.countWords(words[0], words[1])
  }

  private countWords(low: number, high: number): void {
    // Two rounds of a multiply-and-shift mixer (MurmurHash3's finaliser) over both words.
    let h = low ^ Math.imul(high, 0x9e3779b1)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    let g = Math.imul(high ^ h, 0xcc9e2d51) ^ Math.imul(low, 0x1b873593)
    g = Math.imul(g ^ (g >>> 16), 0x85ebca6b)
    h ^= h >>> 16
    g ^= g >>> 15
    const register = h >>> (32 - registerBits)
    const rank = Math.clz32(g) + 1
    if (rank > this.ranks[register]) this.ranks[register] = rank
  }
}
