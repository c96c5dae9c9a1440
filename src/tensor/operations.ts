// Elementwise operations, reductions and matrix products, as functions of tensors.

import { type DType, dtypes, isFloat, promote } from '../base/dtype.js'
import { argumentError, shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, normalizeAxes, normalizeAxis } from '../base/shape.js'
import { trueOrFalse } from '../base/value-kinds.js'
import * as g from '../graph/build.js'
import type { ElementwiseOp } from '../graph/elementwise.js'
import type { Node } from '../graph/node.js'
import { makeElementwise, makeNode, noAttributes } from '../graph/ops.js'
import {
  type AxisOption,
  axisOption,
  oneAxis,
  type ReduceOptions,
  reduceOptions,
} from './options.js'
import { asTensor, Tensor, type TensorLike } from './tensor.js'

export type { ReduceOptions } from './options.js'

function floatNode(x: Tensor): Node {
  return isFloat(x.dtype) ? x.node : g.cast(x.node, 'float32')
}

function numberNode(x: Tensor): Node {
  return x.dtype === 'bool' ? g.cast(x.node, 'int32') : x.node
}

/** A function of one float tensor; integers and bools become float32. */
function floatUnary(op: ElementwiseOp): (x: TensorLike) => Tensor {
  return x => new Tensor(makeElementwise(op, floatNode(asTensor(x))))
}

function numberUnary(op: ElementwiseOp): (x: TensorLike) => Tensor {
  return x => new Tensor(makeElementwise(op, numberNode(asTensor(x))))
}

/** Both operands in the type that holds both; a plain number takes the tensor's type. */
function pair(a: TensorLike, b: TensorLike): [Tensor, Tensor] {
  const left = a instanceof Tensor ? a : asTensor(a, b instanceof Tensor ? b : undefined)
  const right = b instanceof Tensor ? b : asTensor(b, left)
  return [left, right]
}

function binary(op: ElementwiseOp, least: DType): (a: TensorLike, b: TensorLike) => Tensor {
  return (a, b) => {
    const [left, right] = pair(a, b)
    const dtype = promote(promote(left.dtype, right.dtype), least)
    return new Tensor(makeElementwise(op, g.cast(left.node, dtype), g.cast(right.node, dtype)))
  }
}

/** −x. */
export const neg = numberUnary('negate')
/** |x|. */
export const abs = numberUnary('abs')
/** −1, 0 or 1. */
export const sign = numberUnary('sign')
/** eˣ. */
export const exp = floatUnary('exp')
/** Natural logarithm. */
export const log = floatUnary('log')
/** log(1 + x), exact for small x. */
export const log1p = floatUnary('log1p')
/** eˣ − 1, exact for small x. */
export const expm1 = floatUnary('expm1')
/** Square root; NaN below 0. */
export const sqrt = floatUnary('sqrt')
/** 1 / √x. */
export const rsqrt = floatUnary('rsqrt')
/** x². */
export const square = numberUnary('square')
/** 1 / x. */
export const reciprocal = floatUnary('reciprocal')
/** Sine of x in radians. */
export const sin = floatUnary('sin')
/** Cosine of x in radians. */
export const cos = floatUnary('cos')
/** Hyperbolic tangent. */
export const tanh = floatUnary('tanh')
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = floatUnary('sigmoid')
/** Error function, 2/√π ∫₀ˣ e⁻ᵗ² dt. */
export const erf = floatUnary('erf')
/** max(x, 0); its gradient at 0 is 0. */
export const relu = numberUnary('relu')
/** log(1 + eˣ), without overflow. */
export const softplus = floatUnary('softplus')
/** Largest whole number ≤ x. */
export const floor = floatUnary('floor')
/** Smallest whole number ≥ x. */
export const ceil = floatUnary('ceil')
/** Nearest whole number, halves to the even one. */
export const round = floatUnary('round')

/** a + b, broadcasting. */
export const add = binary('add', 'int32')
/** a − b, broadcasting. */
export const sub = binary('subtract', 'int32')
/** a · b, element by element, broadcasting. */
export const mul = binary('multiply', 'int32')
/** a / b, broadcasting; integers are divided as float32. */
export const div = binary('divide', 'float32')
/** aᵇ, broadcasting, as float. */
export const pow = binary('power', 'float32')
/** The larger of both, element by element; NaN wins. */
export const maximum = binary('maximum', 'bool')
/** The smaller of both, element by element; NaN wins. */
export const minimum = binary('minimum', 'bool')
/** Remainder with the sign of b, as in Python. */
export const mod = binary('modulo', 'int32')

/** a = b, element by element (bool); shapes broadcast. */
export const equal = binary('equal', 'bool')
/** a ≠ b, element by element (bool); shapes broadcast. */
export const notEqual = binary('notEqual', 'bool')
/** a < b, element by element (bool); shapes broadcast. */
export const less = binary('less', 'bool')
/** a ≤ b, element by element (bool); shapes broadcast. */
export const lessEqual = binary('lessEqual', 'bool')
/** a > b, element by element (bool); shapes broadcast. */
export const greater = binary('greater', 'bool')
/** a ≥ b, element by element (bool); shapes broadcast. */
export const greaterEqual = binary('greaterEqual', 'bool')

function boolNode(x: TensorLike): Node {
  const { node } = asTensor(x)
  return g.cast(node, 'bool')
}

/** Whether both are true (not 0), element by element (bool). */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(makeElementwise('and', boolNode(a), boolNode(b)))
}

/** Whether one or both are true (not 0), element by element (bool). */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(makeElementwise('or', boolNode(a), boolNode(b)))
}

/** Whether it is false (0), element by element (bool). */
export function logicalNot(x: TensorLike): Tensor {
  return new Tensor(makeElementwise('not', boolNode(x)))
}

/** true where x is NaN. */
export const isNaN = floatUnary('isNaN')
/** true where x is neither NaN nor infinite. */
export const isFinite = floatUnary('isFinite')

/** `a` where the condition holds, else `b`; all three broadcast. */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = pair(a, b)
  const dtype = promote(left.dtype, right.dtype)
  return new Tensor(
    makeElementwise(
      'where',
      boolNode(condition),
      g.cast(left.node, dtype),
      g.cast(right.node, dtype),
    ),
  )
}

/** x held between `low` and `high`; no gradient passes where it was not strictly between them. */
export function clip(x: TensorLike, low: TensorLike, high: TensorLike): Tensor {
  return where(lessEqual(x, low), low, where(greaterEqual(x, high), high, x))
}

/** The same values in another element type: float → int32 cuts the fraction, bool is ≠ 0. */
export function cast(x: TensorLike, dtype: DType): Tensor {
  if (!Object.hasOwn(dtypes, dtype))
    throw argumentError('cast', `a dtype (${Object.keys(dtypes).join(', ')})`, String(dtype))
  return new Tensor(g.cast(asTensor(x).node, dtype))
}

function reduce(
  op: 'sum' | 'prod' | 'max' | 'min',
  x: TensorLike,
  options: ReduceOptions | undefined,
): Tensor {
  const t = asTensor(x)
  const { axis, keepDims = false } = reduceOptions.check(op, options)
  const axes = normalizeAxes(op, axis, t.rank)
  const source = t.dtype === 'bool' ? g.cast(t.node, 'int32') : t.node
  if ((op === 'max' || op === 'min') && axes.some(axis => t.shape[axis] === 0))
    throw shapeError(op, 'at least one element along the reduced axes', formatShape(t.shape))
  if (axes.length === 0) return new Tensor(source)
  return new Tensor(makeNode(op, [source], { axes, keepDims }))
}

/**
 * Sum over the axes; bools are counted as int32. There are no 64-bit integers: a sum of int32 wraps beyond
 * ±2³¹, so cast large ones to float64 before.
 */
export function sum(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options)
}

/** Product over the axes; one of int32 wraps beyond ±2³¹, as `sum` does. */
export function prod(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduce('prod', x, options)
}

/** Largest value over the axes; NaN wins. Tied elements share the gradient. */
export function max(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduce('max', x, options)
}

/** Smallest value over the axes; NaN wins. */
export function min(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduce('min', x, options)
}

/** Mean over the axes, as float; NaN where there is nothing to average. */
export function mean(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const t = new Tensor(floatNode(asTensor(x)))
  const { axis } = reduceOptions.check('mean', options)
  const axes = normalizeAxes('mean', axis, t.rank)
  const count = axes.reduce((n, axis) => n * t.shape[axis], 1)
  return mul(sum(t, options), 1 / count)
}

/** Mean squared distance from the mean (divided by n, as in Keras). */
export function variance(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const t = asTensor(x)
  const { axis } = reduceOptions.check('variance', options)
  const centred = sub(t, mean(t, { axis, keepDims: true }))
  return mean(square(centred), options)
}

/** true where any element along the axes is. */
export function any(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return notEqual(sum(cast(x, 'bool'), reduceOptions.check('any', options)), 0)
}

/** true where all elements along the axes are. */
export function all(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return logicalNot(any(logicalNot(x), reduceOptions.check('all', options)))
}

/** Position (int32) of the largest value along an axis, the first of equal ones. Default: the last axis. */
export function argMax(x: TensorLike, options?: AxisOption): Tensor {
  return argReduce('argMax', x, options)
}

/** Position (int32) of the smallest value along an axis. Default: the last axis. */
export function argMin(x: TensorLike, options?: AxisOption): Tensor {
  return argReduce('argMin', x, options)
}

function argReduce(op: 'argMax' | 'argMin', x: TensorLike, options?: AxisOption): Tensor {
  const t = asTensor(x)
  const { axis = -1 } = axisOption.check(op, options)
  return new Tensor(makeNode(op, [t.node], { axis: normalizeAxis(op, axis, t.rank) }))
}

/** Options of `cumsum`. */
export interface CumulativeSumOptions {
  /** Default: the last. */
  readonly axis?: number
  /** Leave each element itself out of its sum. Default: false. */
  readonly exclusive?: boolean
  /** Sum from the end. Default: false. */
  readonly reverse?: boolean
}

const cumulativeSumOptions = new OptionTable<CumulativeSumOptions>({
  axis: oneAxis,
  exclusive: trueOrFalse,
  reverse: trueOrFalse,
})

/** Running sum along an axis (default: the last); `exclusive` leaves each element itself out. */
export function cumsum(x: TensorLike, options?: CumulativeSumOptions): Tensor {
  const t = asTensor(x)
  const given = cumulativeSumOptions.check('cumsum', options)
  const { exclusive = false, reverse = false } = given
  const axis = normalizeAxis('cumsum', given.axis ?? -1, t.rank)
  return new Tensor(makeNode('cumulativeSum', [numberNode(t)], { axis, exclusive, reverse }))
}

/** Which operands of `matmul` are taken transposed. */
export interface MatmulOptions {
  /** Use the left operand with its last two axes swapped. Default: false. */
  readonly transposeA?: boolean
  readonly transposeB?: boolean
}

const matmulOptions = new OptionTable<MatmulOptions>({
  transposeA: trueOrFalse,
  transposeB: trueOrFalse,
})

/**
 * Matrix product over the last two axes; leading axes broadcast. A vector on the left is a row, on
 * the right a column, and that axis is dropped from the result, as in NumPy.
 *
 * @example
 * ```ts
 * matmul(tensor([[1, 2]]), tensor([[3], [4]])) // [[11]]
 * ```
 */
export function matmul(a: TensorLike, b: TensorLike, options?: MatmulOptions): Tensor {
  const [left, right] = pair(a, b)
  const { transposeA, transposeB } = matmulOptions.check('matmul', options)
  if (left.rank === 0 || right.rank === 0)
    throw shapeError(
      'matmul',
      'tensors of rank 1 or more',
      `${formatShape(left.shape)} and ${formatShape(right.shape)}`,
      'Use mul for scalars',
    )
  const dtype = promote(promote(left.dtype, right.dtype), 'float32')
  const l = left.rank === 1 ? g.reshape(left.node, [1, left.size]) : left.node
  const r = right.rank === 1 ? g.reshape(right.node, [right.size, 1]) : right.node
  const product = g.matmul(g.cast(l, dtype), g.cast(r, dtype), transposeA, transposeB)
  let shape = [...product.shape]
  if (left.rank === 1) shape = [...shape.slice(0, -2), shape[shape.length - 1]]
  if (right.rank === 1) shape = shape.slice(0, -1)
  return new Tensor(g.reshape(product, shape))
}

function alongLast(op: 'softmax' | 'logSoftmax', x: TensorLike, options?: AxisOption): Tensor {
  const { axis = -1 } = axisOption.check(op, options)
  const t = new Tensor(floatNode(asTensor(x)))
  if (t.rank === 0) throw shapeError(op, 'a tensor of rank 1 or more', '[]')
  const at = normalizeAxis(op, axis, t.rank)
  const last = t.rank - 1
  if (at === last) return new Tensor(makeNode(op, [t.node], noAttributes))
  const swap = t.shape.map((_, i) => (i === at ? last : i === last ? at : i))
  return new Tensor(g.transpose(makeNode(op, [g.transpose(t.node, swap)], noAttributes), swap))
}

/** eˣ / Σeˣ along an axis (default: the last), shifted so that nothing overflows. */
export function softmax(x: TensorLike, options?: AxisOption): Tensor {
  return alongLast('softmax', x, options)
}

/** log(softmax(x)), computed without the quotient. */
export function logSoftmax(x: TensorLike, options?: AxisOption): Tensor {
  return alongLast('logSoftmax', x, options)
}

/** log Σeˣ over the axes, shifted so that nothing overflows. */
export function logSumExp(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const t = new Tensor(floatNode(asTensor(x)))
  reduceOptions.check('logSumExp', options)
  const peak = new Tensor(g.stopGradient(max(t, { axis: options.axis, keepDims: true }).node))
  const shift = where(isFinite(peak), peak, 0)
  const total = log(sum(exp(sub(t, shift)), { axis: options.axis, keepDims: true }))
  const out = add(total, shift)
  if (options.keepDims) return out
  const axes = normalizeAxes('logSumExp', options.axis, t.rank)
  return new Tensor(
    g.reshape(
      out.node,
      t.shape.filter((_, i) => !axes.includes(i)),
    ),
  )
}

/**
 * Cross-entropy of each row: logΣexp(logits) − logits[label].
 *
 * @param logits float [..., classes]
 * @param labels int32 [...], each from 0 to classes − 1 (else the run throws INDEX)
 * @returns float [...]
 */
export function softmaxCrossEntropy(logits: TensorLike, labels: TensorLike): Tensor {
  const x = new Tensor(floatNode(asTensor(logits)))
  return new Tensor(makeNode('softmaxCrossEntropy', [x.node, asTensor(labels).node], noAttributes))
}

/** The value of x as a constant of differentiation. */
export function stopGradient(x: TensorLike): Tensor {
  return new Tensor(g.stopGradient(asTensor(x).node))
}
