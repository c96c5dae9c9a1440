// Columns and rows of a table as preprocessing wants them, or an error that says what is wrong.

import { AthanorError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import { type Column, type ColumnType, columnKinds } from '../data/column.js'
import { convertColumn } from '../data/infer.js'
import type { Table } from '../data/table.js'

/** The table's column of that name, in the storage that was learned from. */
export function columnFor(
  table: Table,
  wanted: { name: string; type: ColumnType },
): { column: Column; unreadable: number } {
  if (!table.has(wanted.name))
    throw new AthanorError('DATA', {
      operation: 'preprocessing',
      expected: `a column '${wanted.name}', which the model learned from`,
      received: 'a table without it',
      fix: suggestName(wanted.name, table.names),
    })
  const column = table.column(wanted.name)
  if (column.kind !== columnKinds[wanted.type]) return convertColumn(column, wanted.type)
  if (column.kind === 'number' && (column.type === 'datetime') !== (wanted.type === 'datetime'))
    throw new AthanorError('DATA', {
      operation: `preprocessing: column '${wanted.name}'`,
      expected: `the type it was learned with, ${wanted.type}`,
      received: column.type,
      fix: `Open the data with the type ${wanted.type} for this column`,
    })
  return { column, unreadable: 0 }
}

export function checkedRowIds(table: Table, rowIds: ArrayLike<number>): Uint32Array {
  const ids = rowIds instanceof Uint32Array ? rowIds : Uint32Array.from(rowIds)
  for (let i = 0; i < ids.length; i++)
    if (ids[i] >= table.rows || ids[i] !== rowIds[i])
      throw new AthanorError('INDEX', {
        operation: 'preprocessing',
        expected: `row ids in [0, ${table.rows})`,
        received: String(rowIds[i]),
      })
  return ids
}
