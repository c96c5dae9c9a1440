// Shapes: row-major, sizes of whole elements, a scalar has shape [].

import { shapeError } from './errors.js'

/** Size of each axis; `[]` is a scalar. */
export type Shape = readonly number[]

export function sizeOf(shape: Shape): number {
  let size = 1
  for (const n of shape) size *= n
  return size
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** Strides, in elements, of a contiguous row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step
    step *= shape[i]
  }
  return strides
}

/** NumPy's broadcasting rule: align at the last axis; sizes must be equal or one of them 1. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  const out = new Array<number>(rank)
  for (let i = 1; i <= rank; i++) {
    const m = i <= a.length ? a[a.length - i] : 1
    const n = i <= b.length ? b[b.length - i] : 1
    if (m !== n && m !== 1 && n !== 1)
      throw shapeError(
        operation,
        'shapes that broadcast (sizes equal or 1, aligned at the last axis)',
        `${formatShape(a)} and ${formatShape(b)}`,
        'Reshape or slice one of them so that the axes match',
      )
    out[rank - i] = m === 1 ? n : m
  }
  return out
}

/** Strides of `from` seen as the broadcast shape `to`: 0 along each axis that is repeated. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from)
  const lead = to.length - from.length
  return to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : own[i - lead]))
}

/** An axis counted from the end when negative, checked against the rank. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw shapeError(operation, `an axis between ${-rank} and ${rank - 1}`, String(axis))
  return axis < 0 ? axis + rank : axis
}

/** Sorted, distinct, non-negative axes; all of them when none are named. */
export function normalizeAxes(
  operation: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i)
  const list = (typeof axes === 'number' ? [axes] : axes).map(a =>
    normalizeAxis(operation, a, rank),
  )
  if (new Set(list).size !== list.length)
    throw shapeError(operation, 'each axis once', formatShape(list))
  return list.sort((a, b) => a - b)
}

/** Shape after reducing `axes` (sorted). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  const out: number[] = []
  for (let i = 0; i < shape.length; i++) {
    if (!axes.includes(i)) out.push(shape[i])
    else if (keepDims) out.push(1)
  }
  return out
}
