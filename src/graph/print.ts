// A graph as text, one node a line, for people who want to see what was recorded.

import { formatShape } from '../base/shape.js'
import { type Node, topological } from './node.js'
import type { Attributes } from './ops.js'

export interface PrintedGraph {
  readonly outputs: readonly Node[]
  /** New values of states. */
  readonly assigns: readonly { readonly target: Node; readonly value: Node }[]
  /** Scalars that have to be finite before any state changes. */
  readonly guards: readonly Node[]
  /** What a leaf is called: a Variable's name. Default: its kind. */
  readonly nameOf?: (leaf: Node) => string
}

/**
 * Each node as `%4 = matmul(%0, %3) : float32[8, 2]  # dense`, inputs first; then what is returned,
 * what has to be finite, and the states' new values.
 */
export function printGraph({ outputs, assigns, guards, nameOf }: PrintedGraph): string {
  const roots = [...outputs, ...assigns.flatMap(a => [a.target, a.value]), ...guards]
  const order = topological(roots, node => node.source !== null)
  const names = new Map(order.map((node, i) => [node, `%${i}`]))
  const listed = (nodes: readonly Node[]) => nodes.map(node => names.get(node)).join(', ')
  const lines = order.map(node => {
    const { source } = node
    const inputs = source === null ? operands(node, names) : (nameOf?.(node) ?? source.kind)
    const op = source === null ? node.op : source.kind
    const value =
      node.op === 'constant' ? ` ${(node.attributes as Attributes['constant']).value}` : ''
    const path = node.scope?.path()
    const type = `${node.dtype}${formatShape(node.shape)}`
    return `${names.get(node)} = ${op}(${inputs})${value} : ${type}${path ? `  # ${path}` : ''}`
  })
  if (outputs.length > 0) lines.push(`return ${listed(outputs)}`)
  if (guards.length > 0) lines.push(`require finite ${listed(guards)}`)
  for (const { target, value } of assigns)
    lines.push(`${nameOf?.(target) ?? names.get(target)} ← ${names.get(value)}`)
  return lines.join('\n')
}

/** The inputs; those that a product takes transposed are marked. */
function operands(node: Node, names: ReadonlyMap<Node, string>): string {
  const { transposeLeft, transposeRight } =
    node.op === 'matmul'
      ? (node.attributes as Attributes['matmul'])
      : { transposeLeft: false, transposeRight: false }
  const marks = [transposeLeft, transposeRight]
  return node.inputs.map((input, i) => `${names.get(input)}${marks[i] ? 'ᵀ' : ''}`).join(', ')
}
