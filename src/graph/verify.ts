// Checks a graph between passes: every node's shape and type follow from its inputs, and inputs come
// before their users.

import { AthanorError } from '../base/errors.js'
import { formatShape, sameShape } from '../base/shape.js'
import { describeNode, type Node, topological } from './node.js'
import { dtypeOf, shapeOf } from './ops.js'

export function verifyGraph(roots: readonly Node[]): void {
  for (const node of topological(roots, n => n.source !== null)) {
    if (node.source !== null) continue
    const shape = shapeOf(node.op, node.attributes, node.inputs)
    const dtype = dtypeOf(node.op, node.attributes, node.inputs)
    if (dtype !== node.dtype || !sameShape(shape, node.shape))
      throw new AthanorError('INTERNAL', {
        operation: `verifyGraph (${describeNode(node)})`,
        expected: `${formatShape(shape)} ${dtype}`,
        received: `${formatShape(node.shape)} ${node.dtype}`,
      })
  }
}
