// A run's model on other data: opening it as the model needs it, measuring, predicting to a file.

import { yieldToEvents } from '#platform'
import { AthanorError } from '../base/errors.js'
import { isMissing } from '../data/column.js'
import type { Dataset } from '../data/dataset.js'
import { tableMemory } from '../data/node/table-memory.js'
import type { Table } from '../data/table.js'
import { answerRows } from './answer-rows.js'
import { writePieces } from './csv-output.js'
import { measure } from './evaluation.js'
import type { PredictedRow } from './predicted-row.js'
import { predictedHeader, predictedRows } from './predictions-csv.js'
import { tableBytes } from './read-data.js'
import type { MetricValues } from './report/report-data.js'
import { DatasetStore, TableStore, wrongCount } from './row-store.js'
import { runError } from './run-error.js'
import type { TableModel } from './table-model.js'

/** Data read with the types the model was trained with; throws DATA when a column is absent. */
export async function openForModel(
  model: TableModel,
  source: string,
  options: {
    readonly query?: string
    readonly encoding?: string
    readonly signal?: AbortSignal
  },
): Promise<Dataset> {
  const { openDataset } = await import('../data/node/index.js')
  const { query, encoding, signal } = options
  const given = Object.fromEntries(
    Object.entries({ query, encoding, signal }).filter(([, value]) => value !== undefined),
  )
  const first = await openDataset(source, given)
  const used = model.preprocessor.inputs.filter(input => input.used)
  const absent = used.filter(input => !first.names.includes(input.name))
  if (absent.length > 0) {
    await first.close()
    throw runError('DATA', 'columnsAbsent', {
      columns: absent.map(input => `'${input.name}'`).join(', '),
    })
  }
  // Types that this part of the data happens to suggest may differ from those learned.
  const types = Object.fromEntries(used.map(input => [input.name, input.type]))
  if (
    first.schema.every(
      column => types[column.name] === undefined || types[column.name] === column.type,
    )
  )
    return first
  await first.close()
  return openDataset(source, { ...given, types })
}

export interface Evaluation {
  readonly rows: number
  /** Rows of classes that the model does not know. */
  readonly unseen: number
  readonly metrics: MetricValues
}

/** Rows that memory cannot hold are gone through on disk. */
export async function evaluateModel(
  model: TableModel,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const { target } = model
  if (!dataset.names.includes(target)) throw runError('DATA', 'targetAbsent', { target })
  const onDisk = !dataset.inMemory && tableBytes(dataset) > tableMemory()
  const keys = await dataset.table(onDisk ? [target] : dataset.names)
  const store = onDisk ? new DatasetStore([dataset], signal) : new TableStore(keys)
  const column = keys.column(target)
  const rows = model.encoder.usable(column)
  let given = 0
  for (let row = 0; row < keys.rows; row++) if (!isMissing(column, row)) given++
  if (rows.length === 0) throw runError('DATA', 'nothingToEvaluate', { target })
  const answers = await answerRows(model, { store, keys, target }, rows)
  return {
    rows: rows.length,
    unseen: given - rows.length,
    metrics: measure(answers, model.facts.threshold),
  }
}

/** Rows written at a time. */
const chunk = 8192

/**
 * Writes every row with its prediction, in order. The file appears only when it is whole; without
 * one the text goes to `onText`.
 */
export async function predictToFile(
  model: TableModel,
  dataset: Dataset,
  out: string | undefined,
  onText: (text: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  async function* pieces(): AsyncGenerator<string> {
    let header = predictedHeader(dataset.names, model.classes)
    for await (const table of tablesOf(dataset, signal)) {
      yield header + predictedRows(table, await model.outputs(table), model)
      header = ''
    }
  }
  await writePieces(pieces(), out, onText)
  return dataset.rows
}

/** The same as values; rows are numbered from 1. */
export async function* predictedTable(
  model: TableModel,
  dataset: Dataset,
  signal?: AbortSignal,
): AsyncGenerator<PredictedRow[]> {
  let row = 0
  for await (const table of tablesOf(dataset, signal))
    yield (await model.predictTable(table)).map(predicted => ({ row: ++row, ...predicted }))
}

async function* tablesOf(dataset: Dataset, signal: AbortSignal | undefined): AsyncGenerator<Table> {
  let rows = 0
  for await (const table of dataset.chunks({ rows: chunk })) {
    await yieldToEvents()
    if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'predicting' })
    yield table
    rows += table.rows
  }
  if (rows !== dataset.rows) throw wrongCount('predicting', dataset.rows, rows)
}
