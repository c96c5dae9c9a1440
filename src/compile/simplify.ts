// Rewrites a graph into a smaller one with the same values: common subexpressions, constants, algebra,
// and the canonical forms that lowering relies on.

import type { DType } from '../base/dtype.js'
import { broadcastShapes, type Shape, sameShape, sizeOf } from '../base/shape.js'
import * as g from '../graph/build.js'
import { type ElementwiseOp, elementwise, isElementwise } from '../graph/elementwise.js'
import { type Node, topological, withScope } from '../graph/node.js'
import { type Attributes, makeElementwise, makeNode, type OpName } from '../graph/ops.js'
import { simplerSum } from './linear-sums.js'
import { maskedBeforePooling, sumOverPlanes } from './pooled-gradients.js'

/** Ops that give the same bits with their operands exchanged. */
const commutes: ReadonlySet<OpName> = new Set(['add', 'multiply'] as const)

/** Returns the roots of the rewritten graph; leaves (nodes with a source) stay the same objects. */
export function simplify(roots: readonly Node[]): Node[] {
  const isLeaf = (node: Node) => node.source !== null
  const known = new Map<string, Node>()
  /** Nodes of the new graph: what lies below them is shared already. */
  const shared = new Set<Node>()
  const becomes = new Map<Node, Node>()

  const share = (node: Node): Node => {
    if (isLeaf(node)) return node
    const ids = node.inputs.map(input => input.id)
    if (commutes.has(node.op)) ids.sort((a, b) => a - b)
    const key = `${node.signature}:${ids.join()}`
    const same = known.get(key)
    if (same !== undefined) return same
    known.set(key, node)
    shared.add(node)
    return node
  }
  const isDone = (node: Node) => isLeaf(node) || shared.has(node)

  for (const node of topological(roots, isLeaf)) {
    if (isLeaf(node)) {
      becomes.set(node, node)
      continue
    }
    const inputs = node.inputs.map(input => becomes.get(input)!)
    const rewritten = withScope(node.scope, () => shareAll(rewrite(node, inputs), share, isDone))
    becomes.set(node, rewritten)
  }
  return roots.map(root => becomes.get(root)!)
}

/** A rule may have built several nodes: share each of them, inputs first. */
function shareAll(root: Node, share: (node: Node) => Node, isDone: (node: Node) => boolean): Node {
  const seen = new Map<Node, Node>()
  for (const node of topological([root], isDone)) {
    if (isDone(node)) seen.set(node, node)
    else {
      const inputs = node.inputs.map(input => seen.get(input) ?? input)
      seen.set(node, share(remake(node, inputs)))
    }
  }
  return seen.get(root)!
}

function remake(node: Node, inputs: readonly Node[]): Node {
  if (inputs.every((input, i) => input === node.inputs[i])) return node
  return makeNode(node.op, inputs, node.attributes)
}

type Rewrite<K extends OpName> = (
  node: Node,
  inputs: readonly Node[],
  attributes: Attributes[K],
) => Node

const structuralRewrites: { readonly [K in OpName]?: Rewrite<K> } = {
  stopGradient: (_, [x]) => x,
  cast: (_, [x], { dtype }) =>
    x.dtype === dtype
      ? x
      : isConstant(x)
        ? g.constant(rounded(constantValue(x), dtype), dtype)
        : g.cast(x, dtype),
  reshape: (_, [x], { shape }) => {
    const whole = x.op === 'reshape' && x.source === null ? x.inputs[0] : x
    const repeated = behindBroadcast(whole)
    return isConstant(repeated) ? g.broadcast(repeated, shape) : g.reshape(whole, shape)
  },
  broadcast: (_, [x], { shape }) =>
    g.broadcast(x.op === 'broadcast' && x.source === null ? x.inputs[0] : x, shape),
  transpose: (_, [x], { permutation }) => {
    if (x.op !== 'transpose' || x.source !== null) return g.transpose(x, permutation)
    const inner = (x.attributes as Attributes['transpose']).permutation
    return g.transpose(
      x.inputs[0],
      permutation.map(p => inner[p]),
    )
  },
  sum: (_, [x], a) => reduction('sum', x, a),
  prod: (_, [x], a) => reduction('prod', x, a),
  max: (_, [x], a) => reduction('max', x, a),
  min: (_, [x], a) => reduction('min', x, a),
  matmul: (_, [left, right], a) => {
    const l = unTransposed(left)
    const r = unTransposed(right)
    return g.matmul(l.node, r.node, a.transposeLeft !== l.swapped, a.transposeRight !== r.swapped)
  },
  softmaxCrossEntropyGradient: (node, [logits, labels, upstream]) =>
    remake(node, [logits, labels, scalarBehind(upstream)]),
  ctcLossGradient: (node, inputs) => remake(node, [...inputs.slice(0, 4), scalarBehind(inputs[4])]),
}

function rewrite(node: Node, inputs: readonly Node[]): Node {
  if (isElementwise(node.op)) return rewriteElementwise(node.op, inputs, node.shape)
  const rule = structuralRewrites[node.op] as Rewrite<OpName> | undefined
  return rule === undefined ? remake(node, inputs) : rule(node, inputs, node.attributes)
}

function isConstant(node: Node): boolean {
  return node.op === 'constant' && node.source === null
}

function constantValue(node: Node): number {
  return (node.attributes as Attributes['constant']).value
}

function rounded(value: number, dtype: DType): number {
  if (dtype === 'float32') return Math.fround(value)
  if (dtype === 'int32') return Math.trunc(value) | 0
  if (dtype === 'bool') return value !== 0 ? 1 : 0
  return value
}

/** What a broadcast repeats, or the node itself. */
function behindBroadcast(node: Node): Node {
  return node.op === 'broadcast' && node.source === null ? node.inputs[0] : node
}

function scalarBehind(node: Node): Node {
  const behind = behindBroadcast(node)
  return sizeOf(behind.shape) === 1 ? g.reshape(behind, []) : node
}

function unTransposed(node: Node): { node: Node; swapped: boolean } {
  if (node.op !== 'transpose' || node.source !== null) return { node, swapped: false }
  const { permutation } = node.attributes as Attributes['transpose']
  const n = permutation.length
  const swapsLastTwo =
    permutation[n - 1] === n - 2 &&
    permutation[n - 2] === n - 1 &&
    permutation.slice(0, -2).every((p, i) => p === i)
  return swapsLastTwo ? { node: node.inputs[0], swapped: true } : { node, swapped: false }
}

function rewriteElementwise(op: ElementwiseOp, given: readonly Node[], shape: Shape): Node {
  const inputs = dropBroadcasts(given, shape, op)
  if (inputs.every(isConstant)) {
    const [a, b, c] = inputs.map(constantValue)
    const node = makeElementwise(op, ...inputs)
    return g.constant(rounded(elementwise[op].apply(a, b, c), node.dtype), node.dtype)
  }
  const simpler = algebra[op]?.(inputs)
  if (simpler !== undefined && simpler !== null && sameShape(simpler.shape, shape)) return simpler
  return makeElementwise(op, ...inputs)
}

/** Elementwise ops broadcast by themselves: an explicit broadcast only matters where it sets the shape. */
function dropBroadcasts(inputs: readonly Node[], shape: Shape, op: string): readonly Node[] {
  const out = [...inputs]
  for (let i = 0; i < out.length; i++) {
    const before = out[i]
    out[i] = behindBroadcast(before)
    if (out[i] === before) continue
    const reached = out.map(n => n.shape).reduce((a, b) => broadcastShapes(op, a, b))
    if (!sameShape(reached, shape)) out[i] = before
  }
  return out
}

const is = (node: Node, value: number) => isConstant(node) && constantValue(node) === value

type Algebra = (inputs: readonly Node[]) => Node | null

const algebra: { readonly [K in ElementwiseOp]?: Algebra } = {
  multiply: ([a, b]) =>
    is(b, 1)
      ? a
      : is(a, 1)
        ? b
        : is(b, -1)
          ? g.negate(a)
          : is(a, -1)
            ? g.negate(b)
            : (smallFirst(a, b) ?? smallFirst(b, a)),
  divide: ([a, b]) => (is(b, 1) ? a : null),
  subtract: ([a, b]) => (is(b, 0) ? a : null),
  add: ([a, b]) => (is(b, 0) ? a : is(a, 0) ? b : (joinedPads(a, b) ?? joinedPads(b, a))),
  where: ([condition, a, b]) => maskedBeforePooling(condition, a, b),
  negate: ([a]) => (a.op === 'negate' && a.source === null ? a.inputs[0] : null),
  power: ([a, b]) => {
    if (is(b, 1)) return a
    if (is(b, 2)) return makeElementwise('square', a)
    if (is(b, 3)) return g.multiply(makeElementwise('square', a), a)
    if (is(b, 0.5)) return makeElementwise('sqrt', a)
    if (is(b, -0.5)) return makeElementwise('rsqrt', a)
    if (is(b, -1)) return makeElementwise('reciprocal', a)
    return null
  },
}

/** Far from where a product with any ordinary number would overflow or vanish. */
const isModerate = (value: number) => Math.abs(value) > 1e-8 && Math.abs(value) < 1e8

/**
 * Whether a factor may be multiplied in another order: a moderate constant, or 1 / √(x + ε), which the normalising layers
 * have. Other numbers at run time might make a product overflow that in its own order does not.
 */
function isTame(node: Node): boolean {
  if (isConstant(node)) return isModerate(constantValue(node))
  if (node.source !== null) return false
  if (node.op === 'multiply' || node.op === 'negate' || node.op === 'reshape')
    return node.inputs.every(isTame)
  return node.op === 'rsqrt' && hasFloor(node.inputs[0])
}

const hasFloor = ({ op, source, inputs }: Node) =>
  op === 'add' && source === null && inputs.some(x => isConstant(x) && constantValue(x) > 1e-16)

/** small · (large · small) with its small factors multiplied first, once for all that they are repeated over. */
function smallFirst(small: Node, product: Node): Node | null {
  if (product.op !== 'multiply' || product.source !== null || !g.isFloatNode(product)) return null
  const size = sizeOf(product.shape)
  if (sizeOf(small.shape) >= size) return null
  const [a, b] = product.inputs
  const other = sizeOf(b.shape) < size ? b : sizeOf(a.shape) < size ? a : null
  if (other === null || !(isTame(small) || isTame(other))) return null
  const factor = g.multiply(small, other)
  if (sizeOf(factor.shape) >= size) return null
  if (isConstant(small) && isConstant(other)) {
    const value = rounded(constantValue(small) * constantValue(other), product.dtype)
    if (!Number.isFinite(value) || value === 0) return null
    return g.multiply(other === b ? a : b, g.constant(value, product.dtype))
  }
  return g.multiply(other === b ? a : b, factor)
}

/**
 * Two neighbouring parts laid into zeros and added up, as the gradient of slices is, are one concat;
 * null where the second does not begin where the first ends.
 */
function joinedPads(first: Node, second: Node): Node | null {
  if (!isZeroPad(first) || !isZeroPad(second) || !sameShape(first.shape, second.shape)) return null
  const [a, b] = [first, second].map(node => node.attributes as Attributes['pad'])
  const [x, y] = [first.inputs[0], second.inputs[0]]
  const differs = (i: number) => a.before[i] !== b.before[i] || a.after[i] !== b.after[i]
  const axes = first.shape.map((_, i) => i).filter(differs)
  if (axes.length !== 1 || a.before[axes[0]] + x.shape[axes[0]] !== b.before[axes[0]]) return null
  const [axis] = axes
  const parts = [x, y].flatMap(part => (isConcat(part, axis) ? part.inputs : [part]))
  const joined = makeNode('concat', parts, { axis })
  const after = a.after.map((n, i) => (i === axis ? b.after[i] : n))
  if ([...a.before, ...after].every(n => n === 0)) return joined
  return makeNode('pad', [joined], { before: a.before, after, value: 0 })
}

function isZeroPad(node: Node): boolean {
  return (
    node.op === 'pad' && node.source === null && (node.attributes as Attributes['pad']).value === 0
  )
}

function isConcat(node: Node, axis: number): boolean {
  const same = () => (node.attributes as Attributes['concat']).axis === axis
  return node.op === 'concat' && node.source === null && same()
}

type ReduceOp = 'sum' | 'prod' | 'max' | 'min'

/**
 * Canonical reductions drop their axes, which are adjacent; others become several, innermost first.
 * Axes of size 1 are only a reshape.
 */
function reduction(op: ReduceOp, x: Node, { axes, keepDims }: Attributes['sum']): Node {
  const target = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]))
  const real = axes.filter(axis => x.shape[axis] !== 1)
  let out = x
  let left = real
  while (left.length > 0) {
    let from = left.length - 1
    while (from > 0 && onesBetween(out.shape, left[from - 1], left[from])) from--
    const run: number[] = []
    for (let axis = left[from]; axis <= left[left.length - 1]; axis++) run.push(axis)
    const summand = out
    out =
      (op === 'sum' ? (sumOverPlanes(summand, run) ?? simplerSum(summand, run)) : null) ??
      makeNode(op, [summand], { axes: run, keepDims: false })
    left = left.slice(0, from)
  }
  return g.reshape(out, target)
}

function onesBetween(shape: Shape, from: number, to: number): boolean {
  for (let axis = from + 1; axis < to; axis++) if (shape[axis] !== 1) return false
  return true
}
