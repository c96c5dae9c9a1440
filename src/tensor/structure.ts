// Operations that move elements: shapes, slices, joins, gathers.

import { promote } from '../base/dtype.js'
import { argumentError, shapeError } from '../base/errors.js'
import { formatShape, normalizeAxes, normalizeAxis, type Shape } from '../base/shape.js'
import { valueWords } from '../base/value-kinds.js'
import * as g from '../graph/build.js'
import { makeElementwise, makeNode } from '../graph/ops.js'
import {
  type AxisOption,
  axisOption,
  type CreationOptions,
  checkShape,
  creationOptions,
} from './options.js'
import { asTensor, Tensor, type TensorLike, tensor } from './tensor.js'

/**
 * The same elements in another shape; one axis may be −1 and is then worked out.
 *
 * @example
 * ```ts
 * reshape(tensor([1, 2, 3, 4]), [2, -1]) // [[1, 2], [3, 4]]
 * ```
 */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  const t = asTensor(x)
  return new Tensor(g.reshape(t.node, resolved(t, shape)))
}

function resolved(t: Tensor, shape: Shape): Shape {
  if (!Array.isArray(shape)) throw shapeError('reshape', 'a list of sizes', valueWords(shape))
  const unknown = shape.filter(n => n === -1).length
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1)
  const bad = unknown > 1 || shape.some(n => !Number.isInteger(n) || n < -1)
  if (bad || (unknown === 1 && (known === 0 || t.size % known !== 0)))
    throw shapeError(
      'reshape',
      `a shape of ${t.size} elements, with at most one −1`,
      formatShape(shape),
    )
  return unknown === 0 ? shape : shape.map(n => (n === -1 ? t.size / known : n))
}

/** Axes in another order; without one, reversed (a matrix is transposed). */
export function transpose(x: TensorLike, permutation?: readonly number[]): Tensor {
  const t = asTensor(x)
  const order =
    permutation?.map(axis => normalizeAxis('transpose', axis, t.rank)) ??
    [...Array(t.rank).keys()].reverse()
  if (order.length !== t.rank || new Set(order).size !== t.rank)
    throw shapeError('transpose', `each of ${t.rank} axes once`, formatShape(permutation ?? []))
  return new Tensor(g.transpose(t.node, order))
}

/** Repeats axes of size 1, and adds leading ones, up to `shape`. */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  checkShape('broadcastTo', shape)
  return new Tensor(g.broadcast(asTensor(x).node, shape))
}

/** Start and end of an axis as in arrays' `slice`; null or undefined takes all; a number picks one. */
export type Range =
  | number
  | null
  | readonly [start?: number | null, end?: number | null, step?: number]

/**
 * Part of a tensor: one range per axis, the rest whole. A number picks one position and drops the
 * axis; `[start, end, step]` counts from the end where negative, and a negative step walks backwards.
 *
 * @throws AthanorError INDEX if a single position lies outside its axis.
 * @example
 * ```ts
 * const x = tensor([[1, 2, 3], [4, 5, 6]])
 * slice(x, 0)                 // [1, 2, 3]
 * slice(x, null, [1])         // [[2, 3], [5, 6]]
 * slice(x, null, [null, null, -1]) // columns reversed
 * ```
 */
export function slice(x: TensorLike, ...ranges: Range[]): Tensor {
  const t = asTensor(x)
  if (ranges.length > t.rank)
    throw shapeError('slice', `at most ${t.rank} ranges`, String(ranges.length))
  const start: number[] = []
  const size: number[] = []
  const step: number[] = []
  const shape: number[] = []
  t.shape.forEach((n, axis) => {
    const range = ranges[axis] ?? null
    if (typeof range === 'number') {
      const at = range < 0 ? range + n : range
      if (!Number.isInteger(range) || at < 0 || at >= n)
        throw shapeError(
          'slice',
          `a position from ${-n} to ${n - 1} on axis ${axis}`,
          String(range),
        )
      start.push(at)
      size.push(1)
      step.push(1)
      return
    }
    const by = range?.[2] ?? 1
    if (!Number.isInteger(by) || by === 0)
      throw argumentError('slice', 'a whole step other than 0', String(by))
    const [lowest, highest] = by > 0 ? [0, n] : [-1, n - 1]
    const bound = (value: number | null | undefined, otherwise: number) => {
      if (value === null || value === undefined) return otherwise
      if (!Number.isInteger(value))
        throw argumentError('slice', `whole bounds or null on axis ${axis}`, valueWords(value))
      return Math.min(Math.max(value < 0 ? value + n : value, lowest), highest)
    }
    const from = bound(range?.[0], by > 0 ? 0 : n - 1)
    const to = bound(range?.[1], by > 0 ? n : -1)
    const count = Math.max(0, Math.ceil((to - from) / by))
    start.push(count === 0 ? 0 : from)
    size.push(count)
    step.push(by)
    shape.push(count)
  })
  const whole = size.every((n, axis) => n === t.shape[axis] && step[axis] === 1)
  const part = whole ? t.node : makeNode('slice', [t.node], { start, size, step })
  return new Tensor(g.reshape(part, shape))
}

/** `value` (default 0) around a tensor: `[before, after]` for each axis. */
export function pad(
  x: TensorLike,
  paddings: readonly (readonly [number, number])[],
  value = 0,
): Tensor {
  const t = asTensor(x)
  const bad = paddings.length !== t.rank || paddings.flat().some(n => !Number.isInteger(n) || n < 0)
  if (bad)
    throw shapeError(
      'pad',
      `[before, after] ≥ 0 for each of ${t.rank} axes`,
      JSON.stringify(paddings),
    )
  if (paddings.flat().every(n => n === 0)) return t
  const before = paddings.map(p => p[0])
  const after = paddings.map(p => p[1])
  return new Tensor(makeNode('pad', [t.node], { before, after, value }))
}

function listed(operation: string, tensors: readonly TensorLike[]): Tensor[] {
  if (!Array.isArray(tensors))
    throw argumentError(operation, 'a list of tensors', valueWords(tensors))
  if (tensors.length === 0) throw argumentError(operation, 'at least one tensor', 'none')
  return tensors.map(t => asTensor(t))
}

/** Tensors one after the other along an axis (default: the first). */
export function concat(tensors: readonly TensorLike[], options?: AxisOption): Tensor {
  const { axis: given = 0 } = axisOption.check('concat', options)
  const list = listed('concat', tensors)
  if (list[0].rank === 0)
    throw shapeError('concat', 'tensors of rank 1 or more', '[]', 'Use stack for scalars')
  const axis = normalizeAxis('concat', given, list[0].rank)
  const dtype = list.map(t => t.dtype).reduce(promote)
  const nodes = list.map(t => g.cast(t.node, dtype))
  return nodes.length === 1 ? new Tensor(nodes[0]) : new Tensor(makeNode('concat', nodes, { axis }))
}

/** Tensors of one shape along a new axis (default: the first). */
export function stack(tensors: readonly TensorLike[], options?: AxisOption): Tensor {
  const { axis: given = 0 } = axisOption.check('stack', options)
  const list = listed('stack', tensors)
  const axis = normalizeAxis('stack', given, list[0].rank + 1)
  return concat(
    list.map(t => expandDims(t, axis)),
    { axis },
  )
}

/** The parts along an axis (default: the first), without it. */
export function unstack(x: TensorLike, options?: AxisOption): Tensor[] {
  const t = asTensor(x)
  const { axis: given = 0 } = axisOption.check('unstack', options)
  const axis = normalizeAxis('unstack', given, t.rank)
  return Array.from({ length: t.shape[axis] }, (_, i) =>
    slice(t, ...t.shape.map((_n, a) => (a === axis ? i : null))),
  )
}

/** Pieces along an axis (default: the first): a number of equal ones, or their sizes. */
export function split(
  x: TensorLike,
  parts: number | readonly number[],
  options?: AxisOption,
): Tensor[] {
  const t = asTensor(x)
  const { axis: given = 0 } = axisOption.check('split', options)
  const axis = normalizeAxis('split', given, t.rank)
  const n = t.shape[axis]
  if (typeof parts === 'number' ? !(Number.isInteger(parts) && parts > 0) : !Array.isArray(parts))
    throw argumentError('split', 'a whole number of parts ≥ 1 or their sizes', valueWords(parts))
  const sizes = typeof parts === 'number' ? Array<number>(parts).fill(n / parts) : parts
  if (
    sizes.some(size => !Number.isInteger(size) || size < 0) ||
    sizes.reduce((a, b) => a + b, 0) !== n
  )
    throw shapeError('split', `whole sizes that add up to ${n}`, formatShape(sizes))
  let at = 0
  return sizes.map(size => {
    const from = at
    at += size
    return slice(t, ...t.shape.map((_n, a) => (a === axis ? ([from, at] as const) : null)))
  })
}

/** A new axis of size 1 at `axis`. */
export function expandDims(x: TensorLike, axis: number): Tensor {
  const t = asTensor(x)
  const at = normalizeAxis('expandDims', axis, t.rank + 1)
  return reshape(t, [...t.shape.slice(0, at), 1, ...t.shape.slice(at)])
}

/** Without the axes of size 1 (all of them, or the one named). */
export function squeeze(x: TensorLike, axis?: number): Tensor {
  const t = asTensor(x)
  if (axis === undefined)
    return reshape(
      t,
      t.shape.filter(n => n !== 1),
    )
  const at = normalizeAxis('squeeze', axis, t.rank)
  if (t.shape[at] !== 1) throw shapeError('squeeze', `size 1 at axis ${at}`, formatShape(t.shape))
  return reshape(
    t,
    t.shape.filter((_, i) => i !== at),
  )
}

/** Elements in the opposite order along an axis or axes (default: all). */
export function flip(x: TensorLike, axis?: number | readonly number[]): Tensor {
  const t = asTensor(x)
  const axes = normalizeAxes('flip', axis, t.rank)
  return slice(t, ...t.shape.map((_, i) => (axes.includes(i) ? ([null, null, -1] as const) : null)))
}

/**
 * Entries of an axis (default: the first) by int32 indices; the indices' shape takes the axis' place.
 * An index outside the axis throws INDEX when the program runs.
 */
export function gather(x: TensorLike, indices: TensorLike, options?: AxisOption): Tensor {
  const t = asTensor(x)
  const { axis: given = 0 } = axisOption.check('gather', options)
  const axis = normalizeAxis('gather', given, t.rank)
  return new Tensor(makeNode('gather', [t.node, asIndices(indices)], { axis }))
}

/**
 * Zeros of `shape`, to which each entry of `updates` along the axis is added at its index.
 */
export function scatterAdd(
  shape: Shape,
  indices: TensorLike,
  updates: TensorLike,
  options?: AxisOption,
): Tensor {
  checkShape('scatterAdd', shape)
  const u = asTensor(updates)
  const { axis: given = 0 } = axisOption.check('scatterAdd', options)
  const axis = normalizeAxis('scatterAdd', given, u.rank)
  const out = makeNode('scatterAdd', [asIndices(indices), u.node], { axis, size: shape[axis] })
  if (out.shape.some((n, i) => n !== shape[i]) || shape.length !== out.shape.length)
    throw shapeError(
      'scatterAdd',
      `a shape like the updates’ ${formatShape(u.shape)} except at axis ${axis}`,
      formatShape(shape),
    )
  return new Tensor(out)
}

function asIndices(indices: TensorLike) {
  return indices instanceof Tensor ? indices.node : tensor(indices, { dtype: 'int32' }).node
}

/** 1 at each index and 0 elsewhere, along a new last axis of size `depth`; indices outside give zeros. */
export function oneHot(indices: TensorLike, depth: number, options?: CreationOptions): Tensor {
  const { dtype = 'float32' } = creationOptions.check('oneHot', options)
  if (!Number.isInteger(depth) || depth < 1)
    throw argumentError('oneHot', 'a depth that is a whole number ≥ 1', String(depth))
  return new Tensor(g.oneHot(asIndices(indices), depth, dtype))
}

/** Lower triangle of the last two axes (upper part zero), `diagonal` shifts it up. */
export function tril(x: TensorLike, diagonal = 0): Tensor {
  const t = asTensor(x)
  const rows = g.iota(t.shape, t.rank - 2, 'int32')
  const columns = g.iota(t.shape, t.rank - 1, 'int32')
  const keep = makeElementwise('lessEqual', columns, g.add(rows, g.constant(diagonal, 'int32')))
  return new Tensor(g.where(keep, t.node, g.zerosLike(t.node)))
}
