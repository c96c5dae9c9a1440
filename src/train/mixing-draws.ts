// What mixing draws at random: partners, shares, rectangles.

import type { Random } from '../base/philox.js'

/** For each row of a batch, the row that it is mixed with. */
export function partners(random: Random, rows: number): Uint32Array {
  return random.shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
}

/** A random part of an axis: about `share` of it, around a random place, cut off at the ends. */
export function interval(random: Random, length: number, share: number): [number, number] {
  const half = Math.floor(length * share) / 2
  const middle = random.integer(length)
  const clamp = (at: number) => Math.min(length, Math.max(0, Math.floor(at)))
  return [clamp(middle - half), clamp(middle + half)]
}

/** From the beta distribution with both parameters alpha, as a quotient of gammas. */
export function beta(random: Random, alpha: number): number {
  const [a, b] = [gamma(random, alpha), gamma(random, alpha)]
  // Both underflow where alpha is tiny: then it is one end or the other.
  return a + b > 0 ? a / (a + b) : random.integer(2)
}

/** Marsaglia and Tsang 2000, "A simple method for generating gamma variables". */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random.uniform() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
    const normal = radius * Math.cos(2 * Math.PI * random.uniform())
    const v = (1 + c * normal) ** 3
    if (v <= 0) continue
    if (Math.log(1 - random.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
