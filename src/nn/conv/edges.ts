// What is added to or cut from the edges of sequences and pictures: options and their words.

import { tested, type ValueKind } from '../../base/value-kinds.js'
import type { Pair } from '../../tensor/windows.js'

/** Steps at the beginning and at the end. */
export type Edges1D = number | Pair

/** One number for all edges, `[rows, columns]` for both of each, or `[[top, bottom], [left, right]]`. */
export type Edges2D = number | Pair | readonly [vertical: Pair, horizontal: Pair]

const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isPair = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(isSize)

export const someEdges1d: ValueKind<Edges1D> = tested(
  'a whole number of 0 or more, or [before, after]',
  value => isSize(value) || isPair(value),
  [-1, 0.5, '1', null, [1], [1, -1]],
)

export const someEdges2d: ValueKind<Edges2D> = tested(
  'a whole number of 0 or more, [rows, columns] or [[top, bottom], [left, right]]',
  value =>
    isSize(value) ||
    isPair(value) ||
    (Array.isArray(value) && value.length === 2 && value.every(isPair)),
  [-1, 0.5, '1', null, [1], [1, -1], [[1, 1], 1]],
)

export function edges1d(edges: Edges1D): readonly [Pair] {
  return [typeof edges === 'number' ? [edges, edges] : edges]
}

export function edges2d(edges: Edges2D): readonly [Pair, Pair] {
  if (typeof edges === 'number')
    return [
      [edges, edges],
      [edges, edges],
    ]
  const [first, second] = edges
  return typeof first === 'number' || typeof second === 'number'
    ? [
        [first as number, first as number],
        [second as number, second as number],
      ]
    : [first, second]
}
