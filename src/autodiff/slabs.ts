// Parts of an upstream gradient that was put together from padded parts, without writing out the zeros.

import { sameShape } from '../base/shape.js'
import * as g from '../graph/build.js'
import type { Node } from '../graph/node.js'
import { type Attributes, makeNode } from '../graph/ops.js'

/** The box of `size` at `start` of `u`; null where it is known to be zero. */
export function slabOf(u: Node, start: readonly number[], size: readonly number[]): Node | null {
  if (start.every(s => s === 0) && size.every((n, i) => n === u.shape[i])) return u
  if (u.source === null && u.op === 'add' && u.inputs.every(x => sameShape(x.shape, u.shape))) {
    const [a, b] = u.inputs.map(x => slabOf(x, start, size))
    return a === null ? b : b === null ? a : g.add(a, b)
  }
  if (u.source === null && u.op === 'pad' && (u.attributes as Attributes['pad']).value === 0) {
    const { before } = u.attributes as Attributes['pad']
    const [x] = u.inputs
    const from = start.map((s, i) => Math.max(s, before[i]))
    const to = start.map((s, i) => Math.min(s + size[i], before[i] + x.shape[i]))
    if (from.some((f, i) => f >= to[i])) return null
    const inner = slabOf(
      x,
      from.map((f, i) => f - before[i]),
      to.map((t, i) => t - from[i]),
    )
    if (inner === null || inner.shape.every((n, i) => n === size[i])) return inner
    return makeNode('pad', [inner], {
      before: from.map((f, i) => f - start[i]),
      after: to.map((t, i) => start[i] + size[i] - t),
      value: 0,
    })
  }
  return makeNode('slice', [u], { start, size, step: start.map(() => 1) })
}
