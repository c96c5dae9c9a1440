// The moons of chapter 8: so much noise that nobody can tell all points apart.

import { moons } from './moons.js'

/** Points and their kinds, as a net takes them. */
export async function noisyMoons(count: number, seed: number) {
  const { points, kinds } = await moons(count, 0.35, seed)
  return [points, kinds.map(kind => [kind])] as const
}
