// A table model asked about rows whose truth is known.

import type { Column } from '../data/column.js'
import type { Table } from '../data/table.js'
import type { Answers } from './evaluation.js'
import type { RowStore } from './row-store.js'
import type { TableModel } from './table-model.js'

/** Where rows with their truth lie. */
export interface KnownRows {
  readonly store: RowStore
  /** Has the target as a whole column. */
  readonly keys: Table
  readonly target: string
}

/** A model's answers beside the truth, for rows of the data, in the order asked for. */
export async function answerRows(
  model: TableModel,
  { store, keys, target }: KnownRows,
  rows: Uint32Array,
): Promise<Answers> {
  const width = model.task === 'regression' ? 1 : model.classes.length
  const outputs = new Float64Array(rows.length * width)
  for await (const piece of store.pieces(rows, model.inputs)) {
    const own = await model.outputs(piece.table, piece.rowIds)
    for (let i = 0; i < piece.rows; i++) {
      const at = piece.place(i) * width
      for (let c = 0; c < width; c++) outputs[at + c] = own[i * width + c]
    }
  }
  return beside(model, keys.column(target), rows, outputs)
}

/** The same for rows of a table. */
export async function answerTable(
  model: TableModel,
  table: Table,
  rows: Uint32Array,
): Promise<Answers> {
  const outputs = await model.outputs(table, rows)
  return beside(model, table.column(model.target), rows, outputs)
}

function beside(
  model: TableModel,
  column: Column,
  rows: Uint32Array,
  outputs: Float64Array,
): Answers {
  return model.task === 'classification'
    ? {
        task: 'classification',
        classes: model.classes.length,
        truth: model.encoder.encode(column, rows) as Int32Array,
        probabilities: outputs,
      }
    : { task: 'regression', truth: model.encoder.numbers(column, rows), predicted: outputs }
}
