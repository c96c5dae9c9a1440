// Random numbers for initialisers, drawn in TypeScript from a generator, so that equal seeds give equal
// weights on every executor and weights can be made while a function is being traced.

import { Random } from '../../base/philox.js'
import { defaultGenerator } from '../../tensor/random.js'

/** Streams from here on belong to initialisers that draw from the shared generator. */
const firstStream = 2 ** 31

/** Numbers of their own for each call: from `seed`, or the next ones of the shared generator. */
export function draws(seed: number | undefined): Random {
  if (seed !== undefined) return new Random(seed, firstStream)
  const generator = defaultGenerator()
  const { state } = generator
  generator.state = { ...state, counter: state.counter + 1 }
  return new Random(state.seed, firstStream + (state.counter % (firstStream - 1)) + 1)
}

/** Fills with uniform numbers in [low, high). */
export function fillUniform(
  values: Float64Array,
  random: Random,
  low: number,
  high: number,
): Float64Array {
  for (let i = 0; i < values.length; i++)
    values[i] = low + (high - low) * ((random.bits() >>> 8) * 2 ** -24)
  return values
}

/** Fills with normal numbers (Box and Muller 1958), none further than `cut` deviations away. */
export function fillNormal(
  values: Float64Array,
  random: Random,
  mean: number,
  stddev: number,
  cut = Number.POSITIVE_INFINITY,
): Float64Array {
  let i = 0
  while (i < values.length) {
    const radius = Math.sqrt(-2 * Math.log((random.bits() + 1) * 2 ** -32))
    const angle = 2 * Math.PI * random.bits() * 2 ** -32
    const first = radius * Math.cos(angle)
    const second = radius * Math.sin(angle)
    if (Math.abs(first) <= cut) values[i++] = mean + stddev * first
    if (i < values.length && Math.abs(second) <= cut) values[i++] = mean + stddev * second
  }
  return values
}
