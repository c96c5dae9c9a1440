// Short constructors for graph nodes, used by gradient rules, decompositions and the tensor layer.
// Axes are expected normalised; types are expected to agree.

import { type DType, dtypes } from '../base/dtype.js'
import { type Shape, sameShape, sizeOf } from '../base/shape.js'
import { isElementwise } from './elementwise.js'
import type { Node } from './node.js'
import { makeElementwise, makeNode, noAttributes } from './ops.js'

export { isElementwise, makeElementwise as apply }

export function constant(value: number, dtype: DType): Node {
  return makeNode('constant', [], { value, dtype })
}

/** A constant of the same type as `like`, to be broadcast against it. */
export function number(value: number, like: Node): Node {
  return constant(value, like.dtype)
}

export const add = (a: Node, b: Node) => makeElementwise('add', a, b)
export const subtract = (a: Node, b: Node) => makeElementwise('subtract', a, b)
export const multiply = (a: Node, b: Node) => makeElementwise('multiply', a, b)
export const divide = (a: Node, b: Node) => makeElementwise('divide', a, b)
export const negate = (a: Node) => makeElementwise('negate', a)
export const where = (c: Node, a: Node, b: Node) => makeElementwise('where', c, a, b)

export function scale(a: Node, factor: number): Node {
  return multiply(a, number(factor, a))
}

export function cast(x: Node, dtype: DType): Node {
  return x.dtype === dtype ? x : makeNode('cast', [x], { dtype })
}

export function reshape(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : makeNode('reshape', [x], { shape })
}

export function broadcast(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : makeNode('broadcast', [x], { shape })
}

export function transpose(x: Node, permutation: readonly number[]): Node {
  return permutation.every((p, i) => p === i) ? x : makeNode('transpose', [x], { permutation })
}

export function sum(x: Node, axes: readonly number[], keepDims = false): Node {
  return axes.length === 0 ? x : makeNode('sum', [x], { axes, keepDims })
}

export function matmul(
  left: Node,
  right: Node,
  transposeLeft = false,
  transposeRight = false,
): Node {
  return makeNode('matmul', [left, right], { transposeLeft, transposeRight })
}

export function filled(shape: Shape, value: number, dtype: DType): Node {
  return broadcast(constant(value, dtype), shape)
}

export function zerosLike(x: Node): Node {
  return filled(x.shape, 0, x.dtype)
}

/** Sums over the axes along which a tensor of `shape` was repeated to become `x`. */
export function sumTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x
  const lead = x.shape.length - shape.length
  const axes: number[] = []
  for (let i = 0; i < x.shape.length; i++)
    if (i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1)) axes.push(i)
  return reshape(sum(x, axes), shape)
}

/** Puts back, with size 1, the axes that a reduction of `shape` dropped. */
export function keepReduced(x: Node, shape: Shape, axes: readonly number[]): Node {
  return reshape(
    x,
    shape.map((n, i) => (axes.includes(i) ? 1 : n)),
  )
}

export function iota(shape: Shape, axis: number, dtype: DType): Node {
  return makeNode('iota', [], { shape, axis, dtype })
}

/** 1 where `labels` [...] equals the class, over [..., classes]. */
export function oneHot(labels: Node, classes: number, dtype: DType): Node {
  const shape = [...labels.shape, classes]
  const hit = makeElementwise(
    'equal',
    reshape(labels, [...labels.shape, 1]),
    iota(shape, shape.length - 1, 'int32'),
  )
  return cast(hit, dtype)
}

export function softmax(x: Node): Node {
  return makeNode('softmax', [x], noAttributes)
}

export function stopGradient(x: Node): Node {
  return makeNode('stopGradient', [x], noAttributes)
}

export function isFloatNode(x: Node): boolean {
  return dtypes[x.dtype].isFloat
}

export function elements(x: Node): number {
  return sizeOf(x.shape)
}
