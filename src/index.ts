// The package in Node: the library, files and databases as data sources, and runs. Reading data and
// training a run are loaded when they are first called, so that importing the package stays quick.

import type { Dataset } from './data/index.js'
import type { OpenOptions } from './data/node/index.js'
import type { DataSource } from './runs/prepare-data.js'
import type { Run } from './runs/train.js'
import type { TrainOptions } from './runs/train-options.js'

export * from './library.js'
export type { DataSource, Dataset, OpenOptions, Run, TrainOptions }

/**
 * Reads a source once and gives its typed columns: a file, a glob or a list of files (CSV, TSV, JSON,
 * JSON lines, Parquet, Arrow, DuckDB, SQLite, Excel), or an array of objects. Works offline.
 *
 * @throws AthanorError FILE (not there, not readable), FORMAT (not what it should be), DATA (no rows,
 * ragged rows, broken characters; with the line), ARGUMENT (an option or the SQL), INTERRUPTED.
 * @example
 * ```ts
 * const dataset = await openDataset('customers.csv', { types: { postcode: 'category' } })
 * for (const { name, type, reason } of dataset.schema) console.log(name, type, reason)
 * const table = await dataset.table()
 * ```
 */
export async function openDataset(source: DataSource, options: OpenOptions = {}): Promise<Dataset> {
  return (await import('./data/node/index.js')).openDataset(source, options)
}

/**
 * Trains a model on a table: reads and checks the data, splits it, trains, measures on rows never
 * seen, and leaves a folder with the model, its predictions on the test rows and a report.
 *
 * `data` is a file, a glob, a list of files, or an array of objects; it may be left out with `resume`.
 * All options but `target` have defaults; see `TrainOptions`.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong;
 * NOT_FINITE when training diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts
 * const run = await train('customers.csv', { target: 'churn' })
 * console.log(run.metrics.test.accuracy, run.path)
 * ```
 */
export async function train(
  data: DataSource | undefined,
  options: TrainOptions = {},
): Promise<Run> {
  return (await import('./runs/train.js')).train(data, options)
}
