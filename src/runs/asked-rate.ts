// The learning rate that settings ask for.

import type { AskedRate } from './train-options.js'

/** The rate as a number; where none is given, or none is known yet, the standard one. */
export function rateOf(
  { learningRate }: { readonly learningRate?: AskedRate },
  standard: number,
): number {
  return typeof learningRate === 'number' ? learningRate : standard
}
