// Instructions for the recurrent ops.

import type { Recurrence } from '../graph/attributes.js'
import type { Node } from '../graph/node.js'
import type { Cell } from '../graph/opcodes.js'
import { cellParts, recurrentGradientInputs, recurrentInputs } from '../graph/recurrence.js'
import type { BufferId, RecurrentGradientInstruction, RecurrentInstruction } from './program.js'

interface Buffers {
  readonly bufferOf: (node: Node) => BufferId
}

type Optional<Name extends string> = { readonly [K in Name]?: BufferId }

/** `{ name: buffer }`, or nothing where there is no node. */
function optional<Name extends string>(
  name: Name,
  node: Node | null,
  { bufferOf }: Buffers,
): Optional<Name> {
  return (node === null ? {} : { [name]: bufferOf(node) }) as Optional<Name>
}

export function recurrentOf(
  cell: Cell,
  node: Node,
  target: BufferId,
  buffers: Buffers,
  attributes: Recurrence,
): RecurrentInstruction[] {
  const inputs = recurrentInputs(cell, node.inputs, attributes)
  const [, batch, steps, units] = node.shape
  return [
    {
      kind: 'recurrent',
      cell,
      dtype: node.dtype as 'float32' | 'float64',
      batch,
      steps,
      units,
      backwards: attributes.goBackwards,
      inputs: buffers.bufferOf(inputs.pre),
      kernel: buffers.bufferOf(inputs.kernel),
      ...optional('bias', inputs.bias, buffers),
      hidden: buffers.bufferOf(inputs.hidden),
      ...optional('cellState', inputs.cellState, buffers),
      ...optional('mask', inputs.mask, buffers),
      target,
    },
  ]
}

export function recurrentGradientOf(
  cell: Cell,
  node: Node,
  target: BufferId,
  buffers: Buffers,
  attributes: Recurrence,
): RecurrentGradientInstruction[] {
  const inputs = recurrentGradientInputs(cell, node.inputs, attributes)
  const [, batch, steps, units] = inputs.record.shape
  return [
    {
      kind: 'recurrentGradient',
      cell,
      dtype: node.dtype as 'float32' | 'float64',
      batch,
      steps,
      units,
      backwards: attributes.goBackwards,
      record: buffers.bufferOf(inputs.record),
      kernel: buffers.bufferOf(inputs.kernel),
      hidden: buffers.bufferOf(inputs.hidden),
      ...optional('cellState', inputs.cellState, buffers),
      ...optional('mask', inputs.mask, buffers),
      upstream: buffers.bufferOf(inputs.upstream),
      upstreamLast: inputs.upstream.shape.length === 2,
      ...optional('cellUpstream', inputs.cellUpstream, buffers),
      cellUpstreamLast: inputs.cellUpstream?.shape.length === 2,
      target,
    },
  ]
}

type Recurrent = RecurrentInstruction | RecurrentGradientInstruction

export function recurrentWork({ cell, batch, steps, units }: Recurrent): number {
  return batch * steps * units * cellParts[cell].gates * (2 * units + 20)
}

export function recurrentReads(instruction: Recurrent): BufferId[] {
  const own =
    instruction.kind === 'recurrent'
      ? [instruction.inputs, instruction.bias]
      : [instruction.record, instruction.upstream, instruction.cellUpstream]
  const { kernel, hidden, cellState, mask } = instruction
  return [...own, kernel, hidden, cellState, mask].filter(id => id !== undefined)
}
