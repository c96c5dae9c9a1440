// One gradient rule per op, in one total table: given the node and the gradient of the loss with
// respect to it, the gradients with respect to its inputs (null where there is none). Rules build
// graph, so the gradient of a gradient needs nothing more.

import { sizeOf } from '../base/shape.js'
import type { Pair } from '../graph/attributes.js'
import * as g from '../graph/build.js'
import type { ElementwiseOp } from '../graph/elementwise.js'
import type { Node } from '../graph/node.js'
import {
  type Attributes,
  makeElementwise as apply,
  makeNode,
  noAttributes,
  type OpName,
} from '../graph/ops.js'
import { refuseSecond } from './first-only.js'
import { gruRule, lstmRule, simpleRnnRule } from './recurrence.js'

type Gradients = readonly (Node | null)[]

type Rule<K extends OpName> = (
  upstream: Node,
  y: Node,
  inputs: readonly Node[],
  attributes: Attributes[K],
) => Gradients

const none: Rule<OpName> = (_u, _y, inputs) => inputs.map(() => null)

/** Elementwise rules: broadcasting is undone by the caller. */
const elementwiseRules: { readonly [K in ElementwiseOp]: Rule<K> } = {
  negate: u => [g.negate(u)],
  abs: (u, _, [x]) => [g.multiply(u, apply('sign', x))],
  sign: none,
  exp: (u, y) => [g.multiply(u, y)],
  log: (u, _, [x]) => [g.divide(u, x)],
  log1p: (u, _, [x]) => [g.divide(u, g.add(x, g.number(1, x)))],
  expm1: (u, y) => [g.multiply(u, g.add(y, g.number(1, y)))],
  sqrt: (u, y) => [g.divide(g.scale(u, 0.5), y)],
  reciprocal: (u, y) => [g.negate(g.multiply(u, apply('square', y)))],
  sin: (u, _, [x]) => [g.multiply(u, apply('cos', x))],
  cos: (u, _, [x]) => [g.negate(g.multiply(u, apply('sin', x)))],
  tanh: (u, y) => [g.multiply(u, g.subtract(g.number(1, y), apply('square', y)))],
  sigmoid: (u, y) => [g.multiply(u, g.multiply(y, g.subtract(g.number(1, y), y)))],
  erf: (u, _, [x]) => [
    g.multiply(u, g.scale(apply('exp', g.negate(apply('square', x))), 2 / Math.sqrt(Math.PI))),
  ],
  floor: none,
  ceil: none,
  round: none,
  relu: (u, y) => [g.where(apply('greater', y, g.number(0, y)), u, g.number(0, u))],
  square: (u, _, [x]) => [g.multiply(u, g.scale(x, 2))],
  rsqrt: (u, y, [x]) => [g.multiply(u, g.scale(g.divide(y, x), -0.5))],
  softplus: (u, _, [x]) => [g.multiply(u, apply('sigmoid', x))],
  not: none,
  isFinite: none,
  isNaN: none,
  add: u => [u, u],
  subtract: u => [u, g.negate(u)],
  multiply: (u, _, [a, b]) => [g.multiply(u, b), g.multiply(u, a)],
  divide: (u, y, [, b]) => [g.divide(u, b), g.negate(g.divide(g.multiply(u, y), b))],
  power: powerRule,
  maximum: (u, _, [a, b]) => extremeRule(u, a, b, apply('greater', a, b)),
  minimum: (u, _, [a, b]) => extremeRule(u, a, b, apply('less', a, b)),
  // a − b⌊a/b⌋
  modulo: (u, _, [a, b]) => [u, g.negate(g.multiply(u, apply('floor', g.divide(a, b))))],
  equal: none,
  notEqual: none,
  less: none,
  lessEqual: none,
  greater: none,
  greaterEqual: none,
  and: none,
  or: none,
  where: (u, _, [c]) => [null, g.where(c, u, g.number(0, u)), g.where(c, g.number(0, u), u)],
}

/** aᵇ: b·aᵇ⁻¹ and aᵇ·ln a; a zero base has no gradient for its exponent (0, as in PyTorch). */
function powerRule(u: Node, y: Node, [a, b]: readonly Node[]): Gradients {
  const zero = g.number(0, a)
  const safeExponent = g.where(
    apply('equal', b, g.number(0, b)),
    g.number(1, b),
    g.subtract(b, g.number(1, b)),
  )
  const toBase = g.where(
    apply('equal', b, g.number(0, b)),
    zero,
    g.multiply(b, apply('power', a, safeExponent)),
  )
  const isZero = apply('equal', a, zero)
  const toExponent = g.where(
    isZero,
    zero,
    g.multiply(y, apply('log', g.where(isZero, g.number(1, a), a))),
  )
  return [g.multiply(u, toBase), g.multiply(u, toExponent)]
}

/** Where both are equal, each takes half, as in PyTorch and JAX. */
function extremeRule(u: Node, a: Node, b: Node, aWins: Node): Gradients {
  const half = g.scale(u, 0.5)
  const tie = apply('equal', a, b)
  const zero = g.number(0, u)
  return [g.where(tie, half, g.where(aWins, u, zero)), g.where(tie, half, g.where(aWins, zero, u))]
}

/** Back to the input's shape: the upstream of a reduction, repeated along what was reduced. */
function spread(u: Node, x: Node, axes: readonly number[]): Node {
  return g.broadcast(g.keepReduced(u, x.shape, axes), x.shape)
}

/** The largest (or smallest) elements share the gradient evenly. */
function extremumRule(
  u: Node,
  y: Node,
  [x]: readonly Node[],
  { axes }: Attributes['max' | 'min'],
): Gradients {
  const hit = g.cast(apply('equal', x, g.keepReduced(y, x.shape, axes)), x.dtype)
  const count = g.keepReduced(g.sum(hit, axes), x.shape, axes)
  return [g.multiply(hit, g.divide(spread(u, x, axes), count))]
}

type StructuralOp = Exclude<OpName, ElementwiseOp>

const structuralRules: { readonly [K in StructuralOp]: Rule<K> } = {
  input: none,
  scalar: none,
  constant: none,
  cast: (u, _, [x]) => [g.isFloatNode(x) && g.isFloatNode(u) ? g.cast(u, x.dtype) : null],
  sum: (u, _, [x], { axes }) => [spread(u, x, axes)],
  prod: prodRule,
  max: extremumRule,
  min: extremumRule,
  argMax: none,
  argMin: none,
  cumulativeSum: (u, _, _x, a) => [makeNode('cumulativeSum', [u], { ...a, reverse: !a.reverse })],
  lstm: lstmRule,
  lstmGradient: refuseSecond,
  gru: gruRule,
  gruGradient: refuseSecond,
  simpleRnn: simpleRnnRule,
  simpleRnnGradient: refuseSecond,
  matmul: matmulRule,
  convolution: (u, _, [x, filter], a) => [
    makeNode('convolutionInput', [u, filter], { ...a, size: planeOf(x) }),
    makeNode('convolutionFilter', [x, u], { ...a, size: filterPlaneOf(filter) }),
  ],
  convolutionInput: (v, _, [u, filter], { size: _size, ...a }) => [
    makeNode('convolution', [v, filter], a),
    makeNode('convolutionFilter', [v, u], { ...a, size: filterPlaneOf(filter) }),
  ],
  convolutionFilter: (v, _, [x, u], { size: _size, ...a }) => [
    makeNode('convolutionInput', [u, v], { ...a, size: planeOf(x) }),
    makeNode('convolution', [x, v], a),
  ],
  maxPool: (u, _, [x], a) => [makeNode('maxPoolGradient', [x, u], a)],
  maxPoolGradient: (v, _, [x], a) => [null, makeNode('maxPoolPick', [x, v], a)],
  maxPoolPick: (u, _, [x], a) => [null, makeNode('maxPoolGradient', [x, u], a)],
  sumPool: (u, _, [x], a) => [makeNode('sumPoolGradient', [u], { ...a, input: planeOf(x) })],
  sumPoolGradient: (v, _, _u, { input: _input, ...a }) => [makeNode('sumPool', [v], a)],
  reshape: (u, _, [x]) => [g.reshape(u, x.shape)],
  transpose: (u, _, _x, { permutation }) => {
    const inverse = new Array<number>(permutation.length)
    permutation.forEach((p, i) => {
      inverse[p] = i
    })
    return [g.transpose(u, inverse)]
  },
  broadcast: (u, _, [x]) => [g.sumTo(u, x.shape)],
  slice: sliceRule,
  pad: (u, _, [x], { before }) => [
    makeNode('slice', [u], { start: before, size: x.shape, step: x.shape.map(() => 1) }),
  ],
  concat: (u, _, inputs, { axis }) => {
    let at = 0
    return inputs.map(input => {
      const start = input.shape.map((_n, i) => (i === axis ? at : 0))
      at += input.shape[axis]
      return makeNode('slice', [u], { start, size: input.shape, step: input.shape.map(() => 1) })
    })
  },
  gather: (u, _, [x, indices], { axis }) => {
    const count = g.elements(indices)
    const flat = g.reshape(indices, [count])
    const updates = g.reshape(u, [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)])
    return [makeNode('scatterAdd', [flat, updates], { axis, size: x.shape[axis] }), null]
  },
  scatterAdd: (u, _, [indices], { axis }) => [null, makeNode('gather', [u, indices], { axis })],
  iota: none,
  random: none,
  softmax: (u, y) => {
    const last = y.shape.length - 1
    const weighted = g.sum(g.multiply(u, y), [last], true)
    return [g.multiply(y, g.subtract(u, weighted))]
  },
  logSoftmax: (u, y) => {
    const last = y.shape.length - 1
    return [g.subtract(u, g.multiply(apply('exp', y), g.sum(u, [last], true)))]
  },
  softmaxCrossEntropy: (u, _, [logits, labels]) => [
    makeNode('softmaxCrossEntropyGradient', [logits, labels, u], noAttributes),
    null,
  ],
  softmaxCrossEntropyGradient: crossEntropySecondRule,
  ctcLoss: (u, _, inputs, a) => [
    makeNode('ctcLossGradient', [...inputs, u], a),
    ...inputs.slice(1).map(() => null),
  ],
  ctcLossGradient: refuseSecond,
  stopGradient: none,
}

function planeOf(x: Node): Pair {
  return [x.shape[1], x.shape[2]]
}

function filterPlaneOf(filter: Node): Pair {
  return [filter.shape[0], filter.shape[1]]
}

/** Exclusive products from both sides, so that zeros are no trouble. */
function prodRule(u: Node, y: Node, [x]: readonly Node[], { axes }: Attributes['prod']): Gradients {
  const zero = g.number(0, x)
  const isZero = apply('equal', x, zero)
  const zeros = g.keepReduced(g.sum(g.cast(isZero, x.dtype), axes), x.shape, axes)
  const filled = g.where(isZero, g.number(1, x), x)
  const others = g.keepReduced(makeNode('prod', [filled], { axes, keepDims: false }), x.shape, axes)
  const one = g.number(1, x)
  const whenNone = g.divide(g.keepReduced(y, x.shape, axes), filled)
  const whenOne = g.where(isZero, g.broadcast(others, x.shape), zero)
  const partial = g.where(
    apply('equal', zeros, zero),
    whenNone,
    g.where(apply('equal', zeros, one), whenOne, zero),
  )
  return [g.multiply(spread(u, x, axes), partial)]
}

function matmulRule(
  u: Node,
  _y: Node,
  [left, right]: readonly Node[],
  { transposeLeft, transposeRight }: Attributes['matmul'],
): Gradients {
  const toLeft = transposeLeft
    ? g.matmul(right, u, transposeRight, true)
    : g.matmul(u, right, false, !transposeRight)
  // One matrix for a whole batch: its gradient is one product over all rows, not a sum of products.
  const isShared = right.shape.length === 2 && left.shape.length > 2 && !transposeLeft
  const [l, v] = isShared ? [asMatrix(left), asMatrix(u)] : [left, u]
  const toRight = transposeRight
    ? g.matmul(v, l, true, transposeLeft)
    : g.matmul(l, v, !transposeLeft, false)
  return [g.sumTo(toLeft, left.shape), g.sumTo(toRight, right.shape)]
}

/** All axes but the last as one. */
function asMatrix(x: Node): Node {
  const rows = sizeOf(x.shape.slice(0, -1))
  return g.reshape(x, [rows, x.shape[x.shape.length - 1]])
}

/** The upstream laid back into zeros; a step other than 1 goes through scatter along that axis. */
function sliceRule(
  u: Node,
  _y: Node,
  [x]: readonly Node[],
  { start, size, step }: Attributes['slice'],
): Gradients {
  let out = u
  for (let axis = 0; axis < x.shape.length; axis++) {
    if (step[axis] === 1 || size[axis] === 0) continue
    const positions = g.add(
      g.multiply(g.iota([size[axis]], 0, 'int32'), g.constant(step[axis], 'int32')),
      g.constant(start[axis], 'int32'),
    )
    out = makeNode('scatterAdd', [positions, out], { axis, size: x.shape[axis] })
  }
  const before = x.shape.map((n, i) =>
    out.shape[i] === n && (step[i] !== 1 || size[i] === n) ? 0 : start[i],
  )
  const after = x.shape.map((n, i) => n - out.shape[i] - before[i])
  if (before.every(n => n === 0) && after.every(n => n === 0)) return [out]
  return [makeNode('pad', [out], { before, after, value: 0 })]
}

/** d/dz of (softmax(z) − onehot)·u, for second derivatives of the cross-entropy. */
function crossEntropySecondRule(
  v: Node,
  _y: Node,
  [logits, labels, upstream]: readonly Node[],
): Gradients {
  const last = logits.shape.length - 1
  const p = g.softmax(logits)
  const rows = g.reshape(g.broadcast(upstream, logits.shape.slice(0, -1)), [
    ...logits.shape.slice(0, -1),
    1,
  ])
  const w = g.multiply(v, rows)
  const toLogits = g.multiply(p, g.subtract(w, g.sum(g.multiply(w, p), [last], true)))
  const difference = g.subtract(p, g.oneHot(labels, logits.shape[last], p.dtype))
  const toUpstream = g.sumTo(g.sum(g.multiply(v, difference), [last]), upstream.shape)
  return [toLogits, null, toUpstream]
}

export function gradientsOf(node: Node, upstream: Node): Gradients {
  const op = node.op
  if (g.isElementwise(op)) {
    const rule = elementwiseRules[op] as Rule<OpName>
    const raw = rule(upstream, node, node.inputs, node.attributes)
    return raw.map((gradient, i) =>
      gradient === null ? null : g.sumTo(gradient, node.inputs[i].shape),
    )
  }
  const rule = structuralRules[op as StructuralOp] as Rule<OpName>
  return rule(upstream, node, node.inputs, node.attributes)
}
