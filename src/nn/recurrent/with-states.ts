// Recurrent layers that give their states beside their output, and start from states that they are given.

import type { Tensor } from '../../tensor/tensor.js'
import { attachMask } from '../mask.js'

/**
 * The output alone; with `returnState` a list instead, which is taken apart, the output first:
 * `const [output, hidden, cell] = …`.
 */
export type OrStates<T> = T & Iterable<T>

/** Inputs one after the other, or in one list: the sequence, then the initial states, if any. */
export function sequenceAndStates(given: readonly (Tensor | readonly Tensor[])[]) {
  const [x, ...states] = given.flat() as Tensor[]
  return { x, initialState: states.length === 0 ? null : states }
}

/** The output, which carries the mask, alone or before the states. */
export function besideStates(
  output: Tensor,
  mask: Tensor | null,
  states: readonly Tensor[] | null,
): OrStates<Tensor> {
  if (mask !== null) attachMask(output, mask)
  return (states === null ? output : [output, ...states]) as OrStates<Tensor>
}
