// What the largest of each window sends back goes to one place each, which holds the window's maximum:
// a relu's mask there is that of the maxima, and sums over planes are those of what was sent.

import * as g from '../graph/build.js'
import type { Node } from '../graph/node.js'
import { type Attributes, makeElementwise, makeNode } from '../graph/ops.js'

/** `where(x > 0, maxPoolGradient(x, u), 0)` with the mask over the windows, or null for anything else. */
export function maskedBeforePooling(condition: Node, gradient: Node, other: Node): Node | null {
  if (!isGradient(gradient) || !isZero(other)) return null
  if (condition.op !== 'greater' || condition.source !== null) return null
  const [x, upstream] = gradient.inputs
  const [masked, bound] = condition.inputs
  if (masked !== x || !isZero(bound)) return null
  const attributes = gradient.attributes as Attributes['maxPoolGradient']
  const maxima = makeNode('maxPool', [x], attributes)
  const isPositive = makeElementwise('greater', maxima, bound)
  const sent = g.where(isPositive, upstream, other)
  return makeNode('maxPoolGradient', [x, sent], attributes)
}

/** The sum of such a gradient over whole planes, from what was sent back; or null. */
export function sumOverPlanes(x: Node, axes: readonly number[]): Node | null {
  if (!isGradient(x) || !axes.includes(1) || !axes.includes(2)) return null
  return g.sum(x.inputs[1], axes)
}

function isGradient(node: Node): boolean {
  return node.op === 'maxPoolGradient' && node.source === null
}

function isZero(node: Node): boolean {
  return (
    node.op === 'constant' &&
    node.source === null &&
    (node.attributes as Attributes['constant']).value === 0
  )
}
