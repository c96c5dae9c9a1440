// What need not be added up element by element: factors that are the same along the axes of a sum leave
// it, and deviations from a mean add up to nothing. The gradient of a normalisation becomes two passes
// over its input by it, one with the sums and one that uses them.

import { type Shape, sameShape, sizeOf } from '../base/shape.js'
import * as g from '../graph/build.js'
import type { Node } from '../graph/node.js'
import type { Attributes } from '../graph/ops.js'

/** A product, by whether its factors vary along the axes of the sum. */
interface Term {
  readonly sign: 1 | -1
  readonly constant: Node[]
  readonly varying: Node[]
}

/**
 * The sum of `x` over neighbouring `axes` (which it drops) as a product of a simpler sum and smaller
 * factors, or null where there is none.
 */
export function simplerSum(x: Node, axes: readonly number[]): Node | null {
  if (!g.isFloatNode(x)) return null
  const terms = linearTerms(x, axes)
  const left = terms.filter(term => !isDeviation(term.varying, axes))
  if (left.length !== 1) return null
  const [{ sign, constant, varying }] = left
  if (terms.length === 1 && constant.length === 0 && sign === 1) return null
  if (varying.length === 0) return null
  const product = inOrder(varying).reduce(g.multiply)
  if (!sameShape(product.shape, x.shape)) return null
  const shape = x.shape.filter((_, axis) => !axes.includes(axis))
  const factors = constant.map(factor => g.reshape(factor, without(factor.shape, x.shape, axes)))
  const sum = g.sum(product, axes)
  const whole = factors.length === 0 ? sum : g.multiply(sum, factors.reduce(g.multiply))
  if (!sameShape(whole.shape, shape)) return null
  return sign === 1 ? whole : g.negate(whole)
}

/** Two factors can change places without changing a bit: in one order, so that equal products are found. */
function inOrder(factors: readonly Node[]): readonly Node[] {
  return factors.length === 2 ? [...factors].sort((a, b) => a.id - b.id) : factors
}

/** Terms and factors that are looked at: enough for a normalisation's gradient, and an end for long sums. */
const mostParts = 16

/** The summands of `x`; an empty list where there are too many. */
function linearTerms(x: Node, axes: readonly number[]): Term[] {
  const { shape } = x
  const terms: Term[] = []
  const waiting: [node: Node, sign: 1 | -1][] = [[x, 1]]
  while (waiting.length > 0) {
    const [node, sign] = waiting.pop()!
    const other = sign === 1 ? -1 : 1
    const isWhole = node.source === null && sameShape(node.shape, shape)
    if (isWhole && node.op === 'negate') waiting.push([node.inputs[0], other])
    else if (isWhole && node.op === 'add')
      waiting.push([node.inputs[1], sign], [node.inputs[0], sign])
    else if (isWhole && node.op === 'subtract' && !isDeviation([node], axes))
      waiting.push([node.inputs[1], other], [node.inputs[0], sign])
    else {
      const factors = factorsOf(node, shape)
      const isConstant = (factor: Node) => isConstantAlong(factor, shape, axes)
      const constant = factors.filter(isConstant)
      terms.push({ sign, constant, varying: factors.filter(factor => !isConstant(factor)) })
    }
    if (waiting.length + terms.length > mostParts) return []
  }
  return terms
}

/** The factors of a product in order, or the node itself where there are too many. */
function factorsOf(x: Node, shape: Shape): Node[] {
  const factors: Node[] = []
  const waiting = [x]
  while (waiting.length > 0) {
    const node = waiting.pop()!
    if (node.source === null && node.op === 'broadcast') waiting.push(node.inputs[0])
    else if (node.source === null && node.op === 'multiply' && sameShape(node.shape, shape))
      waiting.push(node.inputs[1], node.inputs[0])
    else factors.push(node)
    if (waiting.length + factors.length > mostParts) return [x]
  }
  return factors
}

function isConstantAlong(x: Node, shape: Shape, axes: readonly number[]): boolean {
  const lead = shape.length - x.shape.length
  return axes.every(axis => axis < lead || x.shape[axis - lead] === 1)
}

/** The shape of a factor once the axes of the whole are gone. */
function without(factor: Shape, shape: Shape, axes: readonly number[]): Shape {
  const lead = shape.length - factor.length
  return factor.filter((_, i) => !axes.includes(i + lead))
}

/** Whether it is x − mean(x) over these axes. */
function isDeviation(varying: readonly Node[], axes: readonly number[]): boolean {
  if (varying.length !== 1) return false
  const [node] = varying
  if (node.op !== 'subtract' || node.source !== null) return false
  const [x, mean] = node.inputs
  if (!sameShape(x.shape, node.shape)) return false
  const scaled = behindViews(mean)
  if (scaled.op !== 'multiply' || scaled.source !== null) return false
  const [total, share] = scaled.inputs.map(behindViews)
  if (total.op !== 'sum' || total.source !== null || total.inputs[0] !== x) return false
  const summed = (total.attributes as Attributes['sum']).axes
  const count = sizeOf(axes.map(axis => x.shape[axis]))
  return (
    summed.length === axes.length &&
    summed.every(axis => axes.includes(axis)) &&
    isConstantAlong(mean, x.shape, axes) &&
    share.op === 'constant' &&
    share.source === null &&
    Math.fround((share.attributes as Attributes['constant']).value) === Math.fround(1 / count)
  )
}

function behindViews(node: Node): Node {
  let x = node
  while (x.source === null && (x.op === 'reshape' || x.op === 'broadcast')) x = x.inputs[0]
  return x
}
