// Shapes of the recurrent ops: a whole sequence of LSTM, GRU or simple cells in one kernel.
//
//   lstm       pre, kernel, hidden, cell, (mask) → planes h, c, i, f, g, o
//   gru        pre, kernel, bias, hidden, (mask) → planes h, z, r, n, m
//   simpleRnn  pre, kernel, hidden, (mask)       → plane h
//
// pre [batch, steps, gates · units] is what the inputs add to the gates at every step, kernel [units,
// gates · units], bias [gates · units], states [batch, units], mask [batch, steps] bool; the result is
// [planes, batch, steps, units]. src/compile/program.ts says what the planes hold.
//
//   …Gradient  result, kernel, hidden, (lstm: cell), upstream, (lstm: upstream of c), (mask)
//
// An upstream is [batch, steps, units], or [batch, units] for the step computed last. The result is
// flat: gradients of pre, (gru: of the recurrent part likewise), of hidden, (lstm: of cell).

import { dtypeError, shapeError } from '../base/errors.js'
import { formatShape, type Shape, sameShape } from '../base/shape.js'
import type { Recurrence } from './attributes.js'
import type { Node } from './node.js'
import type { Cell } from './opcodes.js'

/** Parts of the pre-activations, and of the result. */
export const cellParts: Readonly<
  Record<Cell, { readonly gates: number; readonly planes: number }>
> = {
  lstm: { gates: 4, planes: 6 },
  gru: { gates: 3, planes: 5 },
  simpleRnn: { gates: 1, planes: 1 },
}

/** The inputs of a forward op by name. */
export function recurrentInputs(cell: Cell, inputs: readonly Node[], { masked }: Recurrence) {
  const rest = [...inputs]
  const pre = rest.shift()!
  const kernel = rest.shift()!
  const bias = cell === 'gru' ? rest.shift()! : null
  const hidden = rest.shift()!
  const cellState = cell === 'lstm' ? rest.shift()! : null
  const mask = masked ? rest.shift()! : null
  return { pre, kernel, bias, hidden, cellState, mask }
}

/** The inputs of a gradient op by name. */
export function recurrentGradientInputs(
  cell: Cell,
  inputs: readonly Node[],
  { masked }: Recurrence,
) {
  const rest = [...inputs]
  const record = rest.shift()!
  const kernel = rest.shift()!
  const hidden = rest.shift()!
  const cellState = cell === 'lstm' ? rest.shift()! : null
  const upstream = rest.shift()!
  const mask = masked ? rest.pop()! : null
  const cellUpstream = rest.shift() ?? null
  return { record, kernel, hidden, cellState, upstream, cellUpstream, mask }
}

function expect(operation: string, what: string, node: Node, shape: Shape, dtype: string): void {
  if (!sameShape(node.shape, shape))
    throw shapeError(operation, `${what} of shape ${formatShape(shape)}`, formatShape(node.shape))
  if (node.dtype !== dtype) throw dtypeError(operation, `${what} of type ${dtype}`, node.dtype)
}

export function recordShape(cell: Cell) {
  const { gates, planes } = cellParts[cell]
  return (attributes: Recurrence, inputs: readonly Node[]): Shape => {
    const { pre, kernel, bias, hidden, cellState, mask } = recurrentInputs(cell, inputs, attributes)
    const [batch, steps, width] = pre.shape
    if (pre.shape.length !== 3 || width % gates !== 0 || width === 0)
      throw shapeError(
        cell,
        `pre-activations of shape [batch, steps, ${gates} · units]`,
        formatShape(pre.shape),
      )
    if (steps === 0) throw shapeError(cell, 'at least one step', formatShape(pre.shape))
    const units = width / gates
    const { dtype } = pre
    expect(cell, 'a recurrent kernel', kernel, [units, width], dtype)
    if (bias !== null) expect(cell, 'a recurrent bias', bias, [width], dtype)
    expect(cell, 'an initial state', hidden, [batch, units], dtype)
    if (cellState !== null) expect(cell, 'an initial cell state', cellState, [batch, units], dtype)
    if (mask !== null) expect(cell, 'a mask', mask, [batch, steps], 'bool')
    return [planes, batch, steps, units]
  }
}

export function recurrentGradientShape(cell: Cell) {
  const { gates } = cellParts[cell]
  return (attributes: Recurrence, inputs: readonly Node[]): Shape => {
    const { record, upstream, cellUpstream } = recurrentGradientInputs(cell, inputs, attributes)
    const [, batch, steps, units] = record.shape
    for (const given of [upstream, cellUpstream])
      if (given !== null && given.shape.length === 3)
        expect(cell, 'an upstream', given, [batch, steps, units], record.dtype)
      else if (given !== null) expect(cell, 'an upstream', given, [batch, units], record.dtype)
    const rows = batch * steps * gates * units * (cell === 'gru' ? 2 : 1)
    return [rows + batch * units * (cell === 'lstm' ? 2 : 1)]
  }
}
