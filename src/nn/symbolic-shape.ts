// Shapes of samples whose sizes are not all known: null stands for a size that only the data say.

import type { Shape } from '../base/shape.js'

/** Size of each axis of a sample, without the batch; null for one that differs from batch to batch. */
export type SymbolicShape = readonly (number | null)[]

/** Whether every size is known. */
export function isKnown(shape: SymbolicShape): shape is Shape {
  return !shape.includes(null)
}

/** The shape where every size is known, else null. */
export function knownShape(shape: SymbolicShape): Shape | null {
  return isKnown(shape) ? shape : null
}

/** The shape with one size for all that are not known. */
export function sizedAt(shape: SymbolicShape, size: number): Shape {
  return shape.map(n => n ?? size)
}

/** Whether a sample of shape `own` is one of those that `wanted` describes. */
export function isOneOf(own: Shape, wanted: SymbolicShape): boolean {
  return own.length === wanted.length && own.every((n, i) => wanted[i] === null || wanted[i] === n)
}

/** `[3, ?]`; what is not known is a question mark. */
export function formatSymbolic(shape: readonly (number | string | null)[]): string {
  return `[${shape.map(n => n ?? '?').join(', ')}]`
}

/** `[batch, ?, 3]`. */
export function batchedSymbolic(shape: SymbolicShape): string {
  return formatSymbolic(['batch', ...shape])
}
