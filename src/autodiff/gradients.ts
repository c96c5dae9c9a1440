// Reverse-mode differentiation of a graph: graph in, graph out.

import * as g from '../graph/build.js'
import { type Node, topological } from '../graph/node.js'
import { gradientsOf } from './rules.js'

/**
 * Gradients of Σᵢ ⟨outputs[i], upstreams[i]⟩ with respect to each of `wrt`; null where there is no
 * path. Nodes of `wrt` may lie inside the graph.
 */
export function gradients(
  outputs: readonly Node[],
  wrt: readonly Node[],
  upstreams: readonly Node[],
): (Node | null)[] {
  const targets = new Set(wrt)
  // What was made before them all cannot depend on any of them.
  const oldest = Math.min(...wrt.map(node => node.id))
  const order = topological(outputs, node => node.id < oldest)
  const needed = new Set<Node>()
  for (const node of order) {
    if (targets.has(node)) needed.add(node)
    else if (g.isFloatNode(node) && node.op !== 'stopGradient' && !node.detached)
      for (const input of node.inputs)
        if (needed.has(input)) {
          needed.add(node)
          break
        }
  }
  const total = new Map<Node, Node>()
  const addTo = (node: Node, gradient: Node) => {
    const before = total.get(node)
    total.set(node, before === undefined ? gradient : g.add(before, gradient))
  }
  outputs.forEach((output, i) => {
    if (needed.has(output)) addTo(output, g.broadcast(upstreams[i], output.shape))
  })
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]
    const upstream = total.get(node)
    if (upstream === undefined || node.inputs.length === 0) continue
    if (!node.inputs.some(input => needed.has(input))) continue
    const parts = gradientsOf(node, upstream)
    node.inputs.forEach((input, k) => {
      const part = parts[k]
      if (part !== null && needed.has(input)) addTo(input, part)
    })
  }
  return wrt.map(node => total.get(node) ?? null)
}
