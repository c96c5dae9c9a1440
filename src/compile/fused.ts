// One cluster becomes one fused instruction: operands, register program, collapsed shape.

import { broadcastStrides, type Shape, sizeOf } from '../base/shape.js'
import type { Node } from '../graph/node.js'
import type { RegisterOp } from '../graph/opcodes.js'
import type { Attributes } from '../graph/ops.js'
import { type Cluster, isReduce } from './clusters.js'
import type { FusedInput, FusedInstruction, FusedOutput, RegisterLine } from './program.js'

/** The value behind broadcasts: repeating it is a matter of strides. */
export function behindBroadcasts(node: Node): Node {
  let x = node
  while (x.op === 'broadcast' && x.source === null) x = x.inputs[0]
  return x
}

/**
 * `outputs`: nodes of the cluster whose values others need, with the buffer of each.
 * `bufferOf`: the buffer of a node computed elsewhere.
 */
export function fuse(
  cluster: Cluster,
  outputs: readonly { readonly node: Node; readonly buffer: number }[],
  bufferOf: (node: Node) => number,
): FusedInstruction {
  const inside = new Set(cluster.nodes)
  const inputs: FusedInput[] = []
  const constants: number[] = []
  const inputIndex = new Map<string, number>()
  const constantIndex = new Map<string, number>()

  // Values in the order the lines make them; operands are resolved to numbers at the end, when the
  // counts of inputs and constants are known.
  type Operand = { kind: 'input' | 'constant' | 'value'; index: number }
  const values: { op: RegisterOp; operands: Operand[] }[] = []
  const operandOf = new Map<Node, Operand>()

  const external = (node: Node): Operand => {
    const x = behindBroadcasts(node)
    if (x.op === 'constant' && x.source === null) {
      const { value } = x.attributes as Attributes['constant']
      return {
        kind: 'constant',
        index: indexIn(
          constants,
          constantIndex,
          Object.is(value, -0) ? '-0' : String(value),
          value,
        ),
      }
    }
    const strides = broadcastStrides(x.shape, cluster.shape)
    const buffer = bufferOf(x)
    return {
      kind: 'input',
      index: indexIn(inputs, inputIndex, `${buffer}:${strides.join()}`, { buffer, strides }),
    }
  }
  const resolve = (node: Node): Operand => {
    const known = operandOf.get(node)
    if (known !== undefined) return known
    const operand = external(node)
    operandOf.set(node, operand)
    return operand
  }
  const line = (op: RegisterOp, operands: Operand[]): Operand => {
    values.push({ op, operands })
    return { kind: 'value', index: values.length - 1 }
  }

  const useCount = countUses(cluster, inside, outputs)
  for (const node of cluster.nodes) {
    if (isReduce(node)) {
      operandOf.set(node, resolve(node.inputs[0]))
      continue
    }
    if (node.op === 'cast') {
      operandOf.set(node, castLine(node, resolve(node.inputs[0]), line, constantOperand))
      continue
    }
    const product = node.op === 'add' ? node.inputs.find(n => isLoneProduct(n)) : undefined
    if (product !== undefined && cluster.computeType !== 'int32') {
      const other = node.inputs[0] === product ? node.inputs[1] : node.inputs[0]
      const [a, b] = product.inputs
      operandOf.set(node, line('multiplyAdd', [resolve(a), resolve(b), resolve(other)]))
      continue
    }
    if (isLoneProduct(node) && feedsOneAdd(node)) continue
    operandOf.set(node, line(node.op as RegisterOp, node.inputs.map(resolve)))
  }

  function constantOperand(value: number): Operand {
    return { kind: 'constant', index: indexIn(constants, constantIndex, String(value), value) }
  }
  function isLoneProduct(node: Node): boolean {
    return (
      node.op === 'multiply' && inside.has(node) && useCount.get(node) === 1 && feedsOneAdd(node)
    )
  }
  function feedsOneAdd(node: Node): boolean {
    const adds = cluster.nodes.filter(n => n.inputs.includes(node))
    if (adds.length !== 1 || adds[0].op !== 'add' || cluster.computeType === 'int32') return false
    const [a, b] = adds[0].inputs
    if (a === b) return false
    // Of two products that meet in one add, the first is folded in.
    const first = [a, b].find(n => n.op === 'multiply' && inside.has(n) && useCount.get(n) === 1)
    return first === node
  }

  const outputOperands = outputs.map(({ node }) => operandOf.get(node)!)
  const { lines, registers, registerOf } = assignRegisters(values, outputOperands)
  const number = (operand: Operand): number => {
    if (operand.kind === 'input') return operand.index
    if (operand.kind === 'constant') return inputs.length + operand.index
    return inputs.length + constants.length + registerOf[operand.index]
  }
  const finished: RegisterLine[] = lines.map(({ op, into, operands }) => ({
    op,
    into,
    operands: operands.map(number),
  }))
  const finishedOutputs: FusedOutput[] = outputs.map(({ node, buffer }, i) => ({
    buffer,
    operand: number(outputOperands[i]),
    reduce: isReduce(node) ? (node.op as 'sum' | 'prod' | 'max' | 'min') : 'none',
  }))
  const collapsed = collapse(cluster.shape, inputs)
  const view = cluster.view ?? { outer: 0, reduced: 0, inner: 0 }
  return {
    kind: 'fused',
    computeType: cluster.computeType ?? 'int32',
    shape: collapsed.shape,
    inputs: collapsed.inputs,
    constants,
    lines: finished,
    registers,
    outputs: finishedOutputs,
    ...view,
  }
}

function indexIn<T>(list: T[], index: Map<string, number>, key: string, item: T): number {
  let at = index.get(key)
  if (at === undefined) {
    at = list.length
    list.push(item)
    index.set(key, at)
  }
  return at
}

function countUses(
  cluster: Cluster,
  inside: ReadonlySet<Node>,
  outputs: readonly { readonly node: Node }[],
): Map<Node, number> {
  const count = new Map<Node, number>()
  const use = (node: Node) => {
    if (inside.has(node)) count.set(node, (count.get(node) ?? 0) + 1)
  }
  for (const node of cluster.nodes) for (const input of node.inputs) use(input)
  for (const { node } of outputs) use(node)
  return count
}

/** Converting on load is free, so a cast is a line only where it changes the value. */
function castLine<O>(
  node: Node,
  operand: O,
  line: (op: RegisterOp, operands: O[]) => O,
  constant: (value: number) => O,
): O {
  const from = node.inputs[0].dtype
  if (node.dtype === 'bool' && from !== 'bool') return line('notEqual', [operand, constant(0)])
  if (node.dtype === 'int32' && (from === 'float32' || from === 'float64'))
    return line('trunc', [operand])
  return operand
}

interface Value<O> {
  readonly op: RegisterOp
  readonly operands: O[]
}

/** Linear scan: a register is free again after the last line that reads it; outputs keep theirs. */
function assignRegisters<O extends { kind: string; index: number }>(
  values: readonly Value<O>[],
  outputs: readonly O[],
) {
  const lastUse = new Array<number>(values.length).fill(-1)
  values.forEach((value, i) => {
    for (const operand of value.operands) if (operand.kind === 'value') lastUse[operand.index] = i
  })
  for (const output of outputs) if (output.kind === 'value') lastUse[output.index] = values.length
  const registerOf = new Array<number>(values.length).fill(0)
  const free: number[] = []
  let registers = 0
  const lines = values.map((value, i) => {
    const dying = new Set<number>()
    for (const operand of value.operands)
      if (operand.kind === 'value' && lastUse[operand.index] === i)
        dying.add(registerOf[operand.index])
    for (const register of dying) free.push(register)
    const into = free.pop() ?? registers++
    registerOf[i] = into
    if (lastUse[i] < 0) free.push(into)
    return { op: value.op, into, operands: value.operands }
  })
  return { lines, registers, registerOf }
}

/** Joins neighbouring axes wherever every input walks over them as over one. */
function collapse(
  shape: Shape,
  inputs: readonly FusedInput[],
): { shape: Shape; inputs: FusedInput[] } {
  const axes: number[] = []
  const sizes: number[] = []
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 1) continue
    const previous = axes[axes.length - 1]
    const joins =
      previous !== undefined &&
      inputs.every(({ strides }) => strides[previous] === strides[axis] * shape[axis])
    if (joins) {
      axes[axes.length - 1] = axis
      sizes[sizes.length - 1] *= shape[axis]
    } else {
      axes.push(axis)
      sizes.push(shape[axis])
    }
  }
  if (axes.length === 0)
    return {
      shape: [sizeOf(shape)],
      inputs: inputs.map(({ buffer }) => ({ buffer, strides: [0] })),
    }
  return {
    shape: sizes,
    inputs: inputs.map(({ buffer, strides }) => ({
      buffer,
      strides: axes.map(axis => strides[axis]),
    })),
  }
}
