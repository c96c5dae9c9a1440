// Columns as a transformer's result: a matrix where all are numbers, else raw columns.

import type { Column } from '../../data/column.js'
import { Table } from '../../data/table.js'
import { transposedRows } from '../../estimator/frame.js'
import type { Matrix } from '../../estimator/matrix.js'
import { RawColumns } from '../../estimator/raw-columns.js'

/** A matrix where every column holds numbers, else the columns as they are. */
export function columnsOut(columns: readonly Column[], rows: number): Matrix | RawColumns {
  if (!columns.every(column => column.kind === 'number' && column.type !== 'datetime'))
    return new RawColumns(
      new Table(
        columns.map((column, j) => ({ ...column, name: `x${j}` })),
        rows,
      ),
      false,
    )
  const width = columns.length
  const x = new Float64Array(rows * width)
  for (let from = 0; from < rows; from += transposedRows) {
    const to = Math.min(rows, from + transposedRows)
    columns.forEach((column, j) => {
      if (column.kind !== 'number') return
      const { values } = column
      for (let row = from; row < to; row++) x[row * width + j] = values[row]
    })
  }
  return { x, rows, width }
}

/** A column of numbers, its name to be set by whoever names the result. */
export function numberColumn(values: Float64Array): Column {
  return { kind: 'number', name: '', type: 'numeric', values }
}
