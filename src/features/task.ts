// What a target column is for: classes or quantities.

import { AthanorError } from '../base/errors.js'
import { type Column, columnLength } from '../data/column.js'

export type Task = 'classification' | 'regression'

/**
 * What a target of this type and these values is most likely to be for, and why: texts and booleans
 * are classes; so are whole numbers with at most 10 distinct values; other numbers are quantities.
 */
export function guessTask(
  column: Column,
  rowIds?: ArrayLike<number>,
): { task: Task; reason: string } {
  if (column.kind === 'code') return { task: 'classification', reason: `a ${column.type} column` }
  if (column.type !== 'integer') return { task: 'regression', reason: `a ${column.type} column` }
  const distinct = new Set<number>()
  for (const row of rowsOf(column, rowIds)) {
    const value = column.values[row]
    if (!Number.isFinite(value)) continue
    distinct.add(value)
    if (distinct.size > 10)
      return { task: 'regression', reason: 'whole numbers with more than 10 distinct values' }
  }
  return {
    task: 'classification',
    reason: `whole numbers with ${distinct.size} distinct values`,
  }
}

/** The rows named, checked; all of them by default. */
export function rowsOf(column: Column, rowIds: ArrayLike<number> | undefined): Uint32Array {
  const rows = columnLength(column)
  const ids = new Uint32Array(rowIds === undefined ? rows : rowIds.length)
  for (let i = 0; i < ids.length; i++) {
    const row = rowIds === undefined ? i : rowIds[i]
    if (!(Number.isInteger(row) && row >= 0 && row < rows))
      throw new AthanorError('INDEX', {
        operation: `target '${column.name}'`,
        expected: `row ids in [0, ${rows})`,
        received: String(row),
      })
    ids[i] = row
  }
  return ids
}
