// A graph as text, one node a line, for people who want to see what was traced.

import { formatShape } from '../base/shape.js'
import { type Node, topological } from './node.js'
import type { Attributes } from './ops.js'

export function printGraph(roots: readonly Node[]): string {
  const order = topological(roots, node => node.source !== null)
  const names = new Map(order.map((node, i) => [node, `%${i}`]))
  const lines = order.map(node => {
    const inputs =
      node.source === null
        ? node.inputs.map(input => names.get(input)).join(', ')
        : node.source.kind
    const value =
      node.op === 'constant' ? ` ${(node.attributes as Attributes['constant']).value}` : ''
    const path = node.scope?.path()
    return `${names.get(node)} = ${node.op}(${inputs})${value} : ${node.dtype}${formatShape(node.shape)}${path ? `  # ${path}` : ''}`
  })
  return `${lines.join('\n')}\nreturn ${roots.map(root => names.get(root)).join(', ')}`
}
