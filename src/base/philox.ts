// Philox4x32-10: random bits as a pure function of (key, counter).
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

import { argumentError } from './errors.js'

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = (middle & 0xffff) + aLow * bHigh
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0
}

/**
 * One block: four unsigned 32-bit words from a counter of four words and a key of two.
 *
 * @example
 * ```ts
 * philox4x32([0, 0, 0, 0], [0, 0]) // [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
 * ```
 */
export function philox4x32(
  counter: ArrayLike<number>,
  key: ArrayLike<number>,
  into: Uint32Array = new Uint32Array(4),
): Uint32Array {
  let c0 = counter[0] >>> 0
  let c1 = counter[1] >>> 0
  let c2 = counter[2] >>> 0
  let c3 = counter[3] >>> 0
  let k0 = key[0] >>> 0
  let k1 = key[1] >>> 0
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0)
    const low0 = Math.imul(M0, c0) >>> 0
    const high1 = multiplyHigh(M1, c2)
    const low1 = Math.imul(M1, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  into[0] = c0
  into[1] = c1
  into[2] = c2
  into[3] = c3
  return into
}

type Writable = { [index: number]: number; readonly length: number }

/**
 * Numbers drawn one after the other from one (seed, stream): same pair, same numbers, on any machine.
 * Word i is word i mod 4 of the block with counter (⌊i/4⌋ mod 2³², ⌊i/4/2³²⌋, 0, stream).
 *
 * @example
 * ```ts
 * const random = new Random(42)
 * random.uniform() // in [0, 1)
 * random.integer(6) // 0..5
 * random.shuffle([1, 2, 3])
 * ```
 */
export class Random {
  private readonly key: Uint32Array
  private readonly counter: Uint32Array
  private readonly words = new Uint32Array(4)
  private position = 4

  constructor(seed: number, stream = 0) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw argumentError('Random', 'a whole, non-negative seed below 2^53', String(seed))
    this.key = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32))
    this.counter = Uint32Array.of(0, 0, 0, stream >>> 0)
  }

  /** An unsigned 32-bit whole number. */
  bits(): number {
    if (this.position === 4) {
      philox4x32(this.counter, this.key, this.words)
      this.counter[0]++
      if (this.counter[0] === 0) this.counter[1]++
      this.position = 0
    }
    return this.words[this.position++]
  }

  /** In [0, 1), 53 random bits. */
  uniform(): number {
    const high = this.bits() >>> 5
    return (high * 67108864 + (this.bits() >>> 6)) / 9007199254740992
  }

  /** A whole number in [0, limit), each equally likely; limit at most 2³². */
  integer(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 4294967296)
      throw argumentError('Random.integer', 'a whole limit between 1 and 2^32', String(limit))
    // Words at or above the largest multiple of limit are drawn again, so that none is likelier.
    const accepted = 4294967296 - (4294967296 % limit)
    let word = this.bits()
    while (word >= accepted) word = this.bits()
    return word % limit
  }

  /** Fisher–Yates, in place; returns its argument. */
  shuffle<T extends Writable | unknown[]>(items: T): T {
    const array = items as Writable
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const held = array[i]
      array[i] = array[j]
      array[j] = held
    }
    return items
  }
}
