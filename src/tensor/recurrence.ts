// Whole sequences of recurrent cells as operations of tensors: what the layers are made of.

import type { Cell } from '../graph/opcodes.js'
import { makeNode } from '../graph/ops.js'
import { reshape, slice } from './structure.js'
import { Tensor } from './tensor.js'

/** What a recurrent cell works on; types agree. */
export interface SequenceInputs {
  /** What the inputs add to the gates at each step: [batch, steps, gates · units]. */
  readonly pre: Tensor
  /** [units, gates · units]. */
  readonly kernel: Tensor
  /** gru: [gates · units], added to the recurrent part. */
  readonly bias?: Tensor
  /** Initial state [batch, units]. */
  readonly hidden: Tensor
  /** lstm: initial cell state [batch, units]. */
  readonly cellState?: Tensor
  /** bool [batch, steps]: where it is false, a row keeps its state. */
  readonly mask?: Tensor | null
  readonly goBackwards: boolean
}

export interface SequenceResult {
  /** The state after each step, at its step: [batch, steps, units]. */
  readonly outputs: Tensor
  /** The states after the step computed last, [batch, units] each: hidden, (lstm: cell). */
  readonly states: readonly Tensor[]
}

/** LSTM, GRU or simple cells over all steps in one kernel; differentiable once. */
export function recurrentSequence(cell: Cell, inputs: SequenceInputs): SequenceResult {
  const { pre, kernel, bias, hidden, cellState, mask = null, goBackwards } = inputs
  const listed = [pre, kernel, bias, hidden, cellState, mask]
  const nodes = listed.filter(t => t !== undefined && t !== null).map(t => t.node)
  const record = new Tensor(makeNode(cell, nodes, { goBackwards, masked: mask !== null }))
  const [, batch, steps, units] = record.shape
  const last = goBackwards ? 0 : steps - 1
  const state = (plane: number) =>
    reshape(slice(record, [plane, plane + 1], null, [last, last + 1]), [batch, units])
  return {
    outputs: reshape(slice(record, [0, 1]), [batch, steps, units]),
    states: cell === 'lstm' ? [state(0), state(1)] : [state(0)],
  }
}
