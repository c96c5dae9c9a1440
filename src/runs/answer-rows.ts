// A table model asked about rows whose truth is known.

import type { Answers } from './evaluation.js'
import type { PreparedData } from './prepare-data.js'
import type { TableModel } from './table-model.js'

/** A model's answers beside the truth, for rows of the data it was prepared with. */
export async function answerRows(
  model: TableModel,
  data: Pick<PreparedData, 'table' | 'target'>,
  rows: Uint32Array,
): Promise<Answers> {
  const column = data.table.column(data.target)
  const outputs = await model.outputs(data.table, rows)
  return model.task === 'classification'
    ? {
        task: 'classification',
        classes: model.classes.length,
        truth: model.encoder.encode(column, rows) as Int32Array,
        probabilities: outputs,
      }
    : { task: 'regression', truth: model.encoder.numbers(column, rows), predicted: outputs }
}
