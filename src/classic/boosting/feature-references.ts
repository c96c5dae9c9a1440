// Columns by number or name in parameters, as numbers.

import { AthanorError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import type { FeatureReference, InteractionCst, MonotonicCst } from './boosting-parameters.js'

/** What columns are counted by. */
export interface Columns {
  readonly operation: string
  readonly width: number
  readonly names?: readonly string[] | undefined
}

/** The number of a column. Errors: ARGUMENT where there is none. */
function numberOf(
  { operation, width, names }: Columns,
  parameter: string,
  column: FeatureReference,
): number {
  const place = typeof column === 'number' ? column : (names?.indexOf(column) ?? -1)
  if (place >= 0 && place < width) return place
  throw new AthanorError('ARGUMENT', {
    operation,
    expected:
      typeof column === 'number'
        ? `${parameter} with columns below ${width}`
        : `${parameter} with names of columns`,
    received: typeof column === 'number' ? String(column) : `'${column}'`,
    ...(typeof column === 'string' && names !== undefined
      ? { fix: suggestName(column, names) }
      : {}),
  })
}

/** 1 for each categorical column; empty where there is none. */
export function categoricalFlags(
  columns: Columns,
  given: readonly FeatureReference[] | undefined,
): Uint8Array {
  if (given === undefined || given.length === 0) return new Uint8Array(0)
  const flags = new Uint8Array(columns.width)
  for (const column of given) flags[numberOf(columns, 'categoricalFeatures', column)] = 1
  return flags
}

/** A direction for each column; empty where all are free. */
export function monotonicDirections(
  columns: Columns,
  given: MonotonicCst | undefined,
  categorical: Uint8Array,
): Int8Array {
  if (given === undefined) return new Int8Array(0)
  const { operation, width } = columns
  const directions = new Int8Array(width)
  if (given.every(item => typeof item === 'number')) {
    if (given.length !== width)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: `monotonicCst with ${width} directions, one a feature`,
        received: `${given.length}`,
      })
    directions.set(given)
  } else {
    for (const [column, direction] of given as readonly (readonly [FeatureReference, number])[])
      directions[numberOf(columns, 'monotonicCst', column)] = direction
  }
  const bad = directions.findIndex((direction, i) => direction !== 0 && categorical[i] === 1)
  if (bad >= 0)
    throw new AthanorError('ARGUMENT', {
      operation,
      expected: 'monotone constraints on features with an order',
      received: `one on the categorical feature ${columns.names?.[bad] ?? bad}`,
    })
  return directions.some(direction => direction !== 0) ? directions : new Int8Array(0)
}

/** Groups of columns that may stand together; none where all may. */
export function interactionGroups(
  columns: Columns,
  given: InteractionCst | undefined,
): readonly (readonly number[])[] {
  if (given === undefined) return []
  const all = Array.from({ length: columns.width }, (_, i) => i)
  if (given === 'noInteractions') return all.map(i => [i])
  if (given === 'pairwise')
    return columns.width === 1 ? [[0]] : all.flatMap(i => all.slice(i + 1).map(j => [i, j]))
  const groups = given.map(group => [
    ...new Set(group.map(column => numberOf(columns, 'interactionCst', column))),
  ])
  const named = new Set(groups.flat())
  const rest = all.filter(i => !named.has(i))
  return rest.length > 0 ? [...groups, rest] : groups
}
