// Fusion: which nodes share a kernel. Elementwise nodes of one shape grow into clusters, reductions
// close them, and a matmul or convolution takes the bias and the activation that follow it.

import type { DType } from '../base/dtype.js'
import { type Shape, sameShape, sizeOf } from '../base/shape.js'
import { isElementwise } from '../graph/elementwise.js'
import type { Node } from '../graph/node.js'
import type { RegisterOp } from '../graph/opcodes.js'
import type { Attributes } from '../graph/ops.js'

export type ComputeType = 'float32' | 'float64' | 'int32'

/** [outer, reduced, inner] view of the cluster's shape, in elements. */
export interface ReduceView {
  readonly outer: number
  readonly reduced: number
  readonly inner: number
}

export interface Cluster {
  readonly kind: 'cluster'
  readonly shape: Shape
  /** null while only bool logic is in it. */
  computeType: ComputeType | null
  view: ReduceView | null
  nodes: Node[]
}

/** A matmul or convolution with what its epilogue took in; `result` is the node whose value it writes. */
export interface MatmulUnit {
  readonly kind: 'matmul'
  readonly matmul: Node
  readonly result: Node
  readonly bias: Node | null
  readonly activation: RegisterOp
  readonly nodes: readonly Node[]
}

export interface SingleUnit {
  readonly kind: 'single'
  readonly nodes: readonly [Node]
}

export type Unit = Cluster | MatmulUnit | SingleUnit

const maximalLines = 48
const maximalInputs = 28

const reduceOps = new Set(['sum', 'prod', 'max', 'min'])
const epilogueActivations = new Set<string>(['relu', 'sigmoid', 'tanh'])

export function isReduce(node: Node): boolean {
  return reduceOps.has(node.op)
}

/** Nodes without a kernel of their own: leaves, and other ways to see a buffer. */
export function isView(node: Node): boolean {
  return (
    node.source !== null ||
    node.op === 'reshape' ||
    node.op === 'constant' ||
    node.op === 'broadcast' ||
    isPrefix(node)
  )
}

/** A slice that is the beginning of what a kernel has written: read where it lies. */
export function isPrefix(node: Node): boolean {
  if (node.op !== 'slice' || node.source !== null) return false
  const { start, size, step } = node.attributes as Attributes['slice']
  const [x] = node.inputs
  if (start.some(s => s !== 0) || step.some(s => s !== 1)) return false
  const cut = size.findIndex((n, i) => n !== x.shape[i])
  if (cut < 0 || size.slice(0, cut).some(n => n !== 1)) return cut < 0 && hasKernel(x)
  return size.every((n, i) => i <= cut || n === x.shape[i]) && hasKernel(x)
}

/** A slice always is one: copied, or the beginning of what a kernel has written. */
function hasKernel(node: Node): boolean {
  if (node.source !== null) return false
  if (node.op === 'reshape') return hasKernel(node.inputs[0])
  return node.op === 'slice' || !isView(node)
}

/**
 * `late`: what may only be computed once the guards have held. It never shares a kernel with what comes
 * before, so that new states can be written over old ones.
 */
export function partition(
  order: readonly Node[],
  outputs: ReadonlySet<Node>,
  late: ReadonlySet<Node>,
): Map<Node, Unit> {
  const consumers = new Map<Node, Node[]>()
  for (const node of order) {
    if (node.source !== null) continue
    for (const input of node.inputs) {
      const list = consumers.get(input)
      if (list === undefined) consumers.set(input, [node])
      else if (!list.includes(node)) list.push(node)
    }
  }
  const position = new Map(order.map((node, i) => [node, i]))
  const unitOf = new Map<Node, Unit>()
  for (const node of order) {
    if (node.source !== null || (node.op !== 'matmul' && node.op !== 'convolution')) continue
    const unit = matmulUnit(node, consumers, outputs, unitOf)
    for (const n of unit.nodes) unitOf.set(n, unit)
  }
  for (const node of order) {
    if (isView(node) || unitOf.has(node)) continue
    if (!isElementwise(node.op) && node.op !== 'cast' && !isReduce(node)) {
      unitOf.set(node, { kind: 'single', nodes: [node] })
      continue
    }
    let own: Cluster = newCluster(node)
    unitOf.set(node, own)
    for (const input of node.inputs) {
      const producer = unitOf.get(input)
      if (
        producer === undefined ||
        producer.kind !== 'cluster' ||
        producer === own ||
        isReduce(input) ||
        late.has(input) !== late.has(node)
      )
        continue
      if (!canMerge(producer, own) || pathAround(producer, own, consumers, unitOf, position))
        continue
      own = merge(producer, own, unitOf, position)
    }
  }
  return unitOf
}

function newCluster(node: Node): Cluster {
  const reduce = isReduce(node)
  return {
    kind: 'cluster',
    shape: reduce ? node.inputs[0].shape : node.shape,
    computeType: computeTypeOf(node),
    view: reduce ? viewOf(node) : null,
    nodes: [node],
  }
}

function viewOf(node: Node): ReduceView {
  const { axes } = node.attributes as Attributes['sum']
  const shape = node.inputs[0].shape
  const from = axes[0]
  const to = axes[axes.length - 1] + 1
  return {
    outer: sizeOf(shape.slice(0, from)),
    reduced: sizeOf(shape.slice(from, to)),
    inner: sizeOf(shape.slice(to)),
  }
}

function numberType(dtype: DType): ComputeType {
  return dtype === 'bool' ? 'int32' : dtype
}

/** The arithmetic a node needs; bool logic takes whatever its neighbours use. */
export function computeTypeOf(node: Node): ComputeType | null {
  const [x] = node.inputs
  switch (node.op) {
    case 'and':
    case 'or':
    case 'not':
      return null
    case 'cast': {
      if (node.dtype === 'bool') return x.dtype === 'bool' ? null : numberType(x.dtype)
      if (x.dtype === 'bool' || x.dtype === 'int32') return numberType(node.dtype)
      if (node.dtype === 'int32') return numberType(x.dtype)
      return 'float64'
    }
    case 'where':
      return node.dtype === 'bool' ? null : numberType(node.dtype)
    default:
      return node.dtype === 'bool' && x.dtype === 'bool'
        ? null
        : numberType(node.dtype === 'bool' ? x.dtype : node.dtype)
  }
}

function canMerge(a: Cluster, b: Cluster): boolean {
  if (!sameShape(a.shape, b.shape)) return false
  if (a.computeType !== null && b.computeType !== null && a.computeType !== b.computeType)
    return false
  if (a.view !== null && b.view !== null) {
    const { outer, reduced, inner } = a.view
    if (outer !== b.view.outer || reduced !== b.view.reduced || inner !== b.view.inner) return false
  }
  const nodes = [...a.nodes, ...b.nodes]
  if (nodes.length > maximalLines) return false
  const inside = new Set(nodes)
  const outside = new Set<Node>()
  for (const node of nodes)
    for (const input of node.inputs) if (!inside.has(input)) outside.add(input)
  return outside.size <= maximalInputs
}

/** Is there a way from `from` to `to` that leaves both? Then one kernel cannot hold the two. */
function pathAround(
  from: Cluster,
  to: Cluster,
  consumers: ReadonlyMap<Node, Node[]>,
  unitOf: ReadonlyMap<Node, Unit>,
  position: ReadonlyMap<Node, number>,
): boolean {
  for (const node of to.nodes)
    for (const input of node.inputs) if (isReduce(input) && unitOf.get(input) === from) return true
  const last = Math.max(...to.nodes.map(n => position.get(n)!))
  const seen = new Set<Node>()
  const stack: Node[] = []
  const enter = (node: Node) => {
    if (seen.has(node) || position.get(node)! > last) return
    seen.add(node)
    stack.push(node)
  }
  for (const node of from.nodes)
    for (const consumer of consumers.get(node) ?? [])
      if (unitOf.get(consumer) !== from && unitOf.get(consumer) !== to) enter(consumer)
  while (stack.length > 0) {
    const node = stack.pop()!
    const unit = unitOf.get(node)
    if (unit === to) return true
    const members = unit === undefined ? [node] : unit.nodes
    for (const member of members)
      for (const consumer of consumers.get(member) ?? [])
        if (unitOf.get(consumer) !== unit || unit === undefined) enter(consumer)
  }
  return false
}

function merge(
  a: Cluster,
  b: Cluster,
  unitOf: Map<Node, Unit>,
  position: ReadonlyMap<Node, number>,
): Cluster {
  const nodes = [...a.nodes, ...b.nodes].sort((m, n) => position.get(m)! - position.get(n)!)
  const merged: Cluster = {
    kind: 'cluster',
    shape: a.shape,
    computeType: a.computeType ?? b.computeType,
    view: a.view ?? b.view,
    nodes,
  }
  for (const node of nodes) unitOf.set(node, merged)
  return merged
}

function matmulUnit(
  matmul: Node,
  consumers: ReadonlyMap<Node, Node[]>,
  outputs: ReadonlySet<Node>,
  taken: ReadonlyMap<Node, Unit>,
): MatmulUnit {
  let result = matmul
  let bias: Node | null = null
  let activation: RegisterOp = 'copy'
  const nodes = [matmul]
  const only = () => {
    const list = consumers.get(result) ?? []
    return list.length === 1 && !outputs.has(result) ? list[0] : null
  }
  const next = only()
  // The sum of two products may be the end of one of them; the other is its bias.
  if (next?.op === 'add' && !taken.has(next) && sameShape(next.shape, matmul.shape)) {
    const other = next.inputs[0] === matmul ? next.inputs[1] : next.inputs[0]
    const columns = matmul.shape[matmul.shape.length - 1]
    const isRow = other.shape[other.shape.length - 1] === columns && sizeOf(other.shape) === columns
    if (other !== matmul && isRow && !(other.op === 'constant') && other.op !== 'broadcast') {
      bias = other
      result = next
      nodes.push(next)
    }
  }
  const after = only()
  if (after !== null && epilogueActivations.has(after.op) && after.inputs[0] === result) {
    activation = after.op as RegisterOp
    result = after
    nodes.push(after)
  }
  return { kind: 'matmul', matmul, result, bias, activation, nodes }
}
