// Gradients of the recurrent ops: one op walks back through the steps and gives the gradients of the
// pre-activations; the recurrent kernel's gradient is then one product over all steps.

import { sizeOf } from '../base/shape.js'
import type { Recurrence } from '../graph/attributes.js'
import * as g from '../graph/build.js'
import type { Node } from '../graph/node.js'
import type { Cell } from '../graph/opcodes.js'
import { type Attributes, makeNode } from '../graph/ops.js'
import { cellParts, recurrentInputs } from '../graph/recurrence.js'
import { secondDerivative } from './first-only.js'
import { slabOf } from './slabs.js'

type Gradients = readonly (Node | null)[]

/**
 * The upstream of one plane [batch, steps, units]: as [batch, units] where only the step that was
 * computed last has one, null where none has.
 */
function planeUpstream(u: Node, plane: number, { goBackwards }: Recurrence): Node | null {
  const [, batch, steps, units] = u.shape
  const slab = slabOf(u, [plane, 0, 0, 0], [1, batch, steps, units])
  if (slab === null) return null
  if (slab.op === 'pad' && slab.source === null) {
    const { before } = slab.attributes as Attributes['pad']
    const [x] = slab.inputs
    const last = goBackwards ? 0 : steps - 1
    if (x.shape[1] === batch && x.shape[2] === 1 && x.shape[3] === units && before[2] === last)
      return g.reshape(x, [batch, units])
  }
  return g.reshape(slab, [batch, steps, units])
}

/** Part of a flat result. */
function flatPart(x: Node, start: number, shape: readonly number[]): Node {
  return g.reshape(
    makeNode('slice', [x], { start: [start], size: [sizeOf(shape)], step: [1] }),
    shape,
  )
}

/** What each step started from: the states before it, [batch · steps, units]. */
function statesBefore(record: Node, hidden: Node, { goBackwards }: Recurrence): Node {
  const [, batch, steps, units] = record.shape
  const first = g.reshape(hidden, [batch, 1, units])
  let states = first
  if (steps > 1) {
    const start = [0, 0, goBackwards ? 1 : 0, 0]
    const size = [1, batch, steps - 1, units]
    const slice = makeNode('slice', [record], { start, size, step: [1, 1, 1, 1] })
    const rest = g.reshape(slice, [batch, steps - 1, units])
    states = makeNode('concat', goBackwards ? [rest, first] : [first, rest], { axis: 1 })
  }
  return g.reshape(states, [batch * steps, units])
}

interface Parts {
  readonly gradient: Node
  readonly toPre: Node
  readonly inputs: ReturnType<typeof recurrentInputs>
  readonly toKernel: (perStep: Node) => Node
}

function partsOf(cell: Cell, u: Node, y: Node, given: readonly Node[], a: Recurrence): Parts {
  const { gates, planes } = cellParts[cell]
  const [, batch, steps, units] = y.shape
  for (let plane = cell === 'lstm' ? 2 : 1; plane < planes; plane++)
    if (planeUpstream(u, plane, a) !== null) throw secondDerivative(cell)
  const inputs = recurrentInputs(cell, given, a)
  const { kernel, hidden, cellState, mask } = inputs
  const upstream = planeUpstream(u, 0, a) ?? g.zerosLike(hidden)
  const cellUpstream = cell === 'lstm' ? planeUpstream(u, 1, a) : null
  const listed = [y, kernel, hidden, cellState, upstream, cellUpstream, mask]
  const gradient = makeNode(
    `${cell}Gradient`,
    listed.filter(node => node !== null),
    a,
  )
  const toPre = flatPart(gradient, 0, [batch, steps, gates * units])
  const toKernel = (perStep: Node) =>
    g.matmul(
      statesBefore(y, hidden, a),
      g.reshape(perStep, [batch * steps, gates * units]),
      true,
      false,
    )
  return { gradient, toPre, inputs, toKernel }
}

export function lstmRule(u: Node, y: Node, given: readonly Node[], a: Recurrence): Gradients {
  const { gradient, toPre, inputs, toKernel } = partsOf('lstm', u, y, given, a)
  const { shape } = inputs.hidden
  const at = sizeOf(toPre.shape)
  return [
    toPre,
    toKernel(toPre),
    flatPart(gradient, at, shape),
    flatPart(gradient, at + sizeOf(shape), shape),
    null,
  ]
}

export function gruRule(u: Node, y: Node, given: readonly Node[], a: Recurrence): Gradients {
  const { gradient, toPre, inputs, toKernel } = partsOf('gru', u, y, given, a)
  const size = sizeOf(toPre.shape)
  const recurrent = flatPart(gradient, size, toPre.shape)
  return [
    toPre,
    toKernel(recurrent),
    g.sum(recurrent, [0, 1]),
    flatPart(gradient, 2 * size, inputs.hidden.shape),
    null,
  ]
}

export function simpleRnnRule(u: Node, y: Node, given: readonly Node[], a: Recurrence): Gradients {
  const { gradient, toPre, inputs, toKernel } = partsOf('simpleRnn', u, y, given, a)
  const { shape } = inputs.hidden
  return [toPre, toKernel(toPre), flatPart(gradient, sizeOf(toPre.shape), shape), null]
}
