// A node of the graph: one operation's result that has not been computed yet, or a leaf that has.

import type { DType } from '../base/dtype.js'
import type { Shape } from '../base/shape.js'
import type { Attributes, OpName } from './attributes.js'

/** Where in the user's model a node was made: names the layer in error messages. */
export interface Scope {
  readonly parent: Scope | null
  /** The path below the outermost module, `hidden/dense_1`, looked up only when needed. */
  path(): string
}

/**
 * Marks a node as a leaf of whatever is computed next. The graph only needs to know what kind it is;
 * the tensor layer keeps the values in it.
 */
export interface Source {
  readonly kind: 'input' | 'state' | 'scalar'
}

let gradientEnabled = true

/** Runs `body` with new nodes cut off from differentiation. */
export function withoutGradient<T>(body: () => T): T {
  const before = gradientEnabled
  gradientEnabled = false
  try {
    return body()
  } finally {
    gradientEnabled = before
  }
}

let nextId = 1
let currentScope: Scope | null = null

/** Runs `body` with new nodes marked as made in `scope`. */
export function withScope<T>(scope: Scope | null, body: () => T): T {
  const before = currentScope
  currentScope = scope
  try {
    return body()
  } finally {
    currentScope = before
  }
}

export function scopeNow(): Scope | null {
  return currentScope
}

export class Node<K extends OpName = OpName> {
  readonly id = nextId++
  readonly op: K
  readonly attributes: Attributes[K]
  readonly shape: Shape
  readonly dtype: DType
  /** Number shared by all nodes of the same op, attributes, shape and type. */
  readonly signature: number
  readonly scope: Scope | null = currentScope
  /** Emptied once the node's values are known and nothing can ask for its gradient any more. */
  inputs: readonly Node[]
  /** Set when the values are known: from then on the node is a leaf. */
  source: Source | null = null
  /** Made where gradients are off: none flows through it. */
  readonly detached: boolean = !gradientEnabled
  /** Depends on something a gradient may be asked for: its history is kept for that. */
  tracked: boolean

  constructor(
    op: K,
    attributes: Attributes[K],
    inputs: readonly Node[],
    shape: Shape,
    dtype: DType,
    signature: number,
  ) {
    this.op = op
    this.attributes = attributes
    this.inputs = inputs
    this.shape = shape
    this.dtype = dtype
    this.signature = signature
    let tracked = false
    for (const input of inputs) if (input.tracked) tracked = true
    this.tracked = tracked && gradientEnabled
  }
}

/** `dense_1: matmul`, for messages. */
export function describeNode(node: Node): string {
  const path = node.scope?.path()
  return path ? `${path}: ${node.op}` : node.op
}

/** Nodes below `roots` in an order where inputs come first; `isLeaf` nodes are not entered. */
export function topological(roots: readonly Node[], isLeaf: (node: Node) => boolean): Node[] {
  const order: Node[] = []
  const done = new Set<Node>()
  const stack: Node[] = []
  const positions: number[] = []
  for (const root of roots) {
    if (done.has(root)) continue
    done.add(root)
    stack.push(root)
    positions.push(0)
    while (stack.length > 0) {
      const node = stack[stack.length - 1]
      const position = positions[positions.length - 1]
      if (position < node.inputs.length && !isLeaf(node)) {
        positions[positions.length - 1]++
        const input = node.inputs[position]
        if (!done.has(input)) {
          done.add(input)
          stack.push(input)
          positions.push(0)
        }
      } else {
        order.push(node)
        stack.pop()
        positions.pop()
      }
    }
  }
  return order
}
