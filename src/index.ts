// The package in Node: the library, files and databases as data sources, and runs. Reading data and
// training a run are loaded when they are first called, so that importing the package stays quick.

import type { Dataset, PictureDataset } from './data/index.js'
import type { OpenOptions, OpenPicturesOptions } from './data/node/index.js'
import type { AnyOptions, EarlierRunOptions, Train } from './runs/any-options.js'
import type { CompareOptions, Comparison } from './runs/compare.js'
import type { DataSource } from './runs/prepare-data.js'
import type { SuggestedLearningRate } from './runs/rate-test.js'
import type { AnyRun, LanguageModelRun, Run, SpeechRun } from './runs/run-results.js'
import type { SpeechOptions } from './runs/speech/speech-settings.js'
import type { SuggestLearningRateOptions } from './runs/suggest-learning-rate.js'
import type { LanguageModelOptions } from './runs/text/language-options.js'
import type { TextRunOptions } from './runs/text/text-options.js'
import type { TrainOptions } from './runs/train-options.js'
import type { Clustering, ClusterOptions } from './runs/unlabelled/cluster.js'
import type { OutlierOptions, Outliers } from './runs/unlabelled/outliers.js'

export * from './library.js'
export type {
  AnyOptions,
  AnyRun,
  Clustering,
  ClusterOptions,
  CompareOptions,
  Comparison,
  DataSource,
  Dataset,
  EarlierRunOptions,
  LanguageModelOptions,
  LanguageModelRun,
  OpenOptions,
  OpenPicturesOptions,
  OutlierOptions,
  Outliers,
  Run,
  SpeechOptions,
  SpeechRun,
  SuggestedLearningRate,
  SuggestLearningRateOptions,
  TextRunOptions,
  Train,
  TrainOptions,
}

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
 * Opens pictures: a folder with a folder for each class (perhaps below `train`, `validation`, `test`), a
 * folder with IDX files, a table with a path and a class in each row, or pictures named one by one. PNG,
 * JPEG, WebP, GIF (first frame) and TIFF; by content, whatever the name says.
 *
 * @throws AthanorError FILE for what is not there, DATA where no picture can be used or, under `strict`, one
 * cannot, FORMAT for damaged IDX files, ARGUMENT for options, INTERRUPTED.
 * @example
 * ```ts
 * const pictures = await openPictures('examples/data/fashion-mnist-tiny')
 * console.log(pictures.rows, pictures.classes, pictures.shape)
 * ```
 */
export async function openPictures(
  source: string | readonly string[],
  options: OpenPicturesOptions = {},
): Promise<PictureDataset> {
  return (await import('./data/node/index.js')).openPictures(source, options)
}

/**
 * Trains a model: reads and checks the data, splits them, trains, measures on what was never seen, and leaves a
 * folder with the model, its answers on the test part and a report. What is learned follows from data and options:
 *
 * - a **table** (a file, a glob, a list of files, or an array of objects) with `target`, the column to predict;
 * - **pictures**: a folder with a folder for each class, one with IDX files, or a table of paths with `picture`;
 * - **texts** that are told apart: a table with `text`, the column that is read, and `target`;
 * - a **language model**: a text file with `task: 'language-model'`;
 * - **speech**: a list of WAV files, `audio`, with what is said in them, `transcript`.
 *
 * `train({ resume })` goes on with a run, `train({ repeat })` trains as an earlier one did; both take `data` where they
 * are not in files, and give a run of any kind (`run.kind` says which). `learningRate: 'auto'` takes what the range test finds. All other options have
 * defaults; an option of another kind of run is refused.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong;
 * NOT_FINITE when training diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts
 * const run = await train('customers.csv', { target: 'churn' })
 * console.log(run.metrics.test.accuracy, run.path)
 * ```
 */
export const train: Train = (async (...given: [DataSource | undefined, AnyOptions?]) =>
  (await import('./runs/train.js')).train(...given)) as Train

/**
 * The range test of learning rates for the net that `train` would make of these data with these options, whatever the
 * kind of run: see `findLearningRate`. Nothing is written; `train` with `learningRate: 'auto'` does it by itself.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong, and for models
 * that have no learning rate; INTERRUPTED after `signal`.
 * @example
 * ```ts
 * const { suggestion } = await suggestLearningRate('customers.csv', { target: 'churn' })
 * console.log(suggestion)
 * ```
 */
export async function suggestLearningRate(
  data: DataSource,
  options: SuggestLearningRateOptions = {},
): Promise<SuggestedLearningRate> {
  return (await import('./runs/suggest-learning-rate.js')).suggestLearningRate(data, options)
}

/**
 * Compares models by cross-validation on the training rows of a table, as `train` does with `auto`, and
 * trains none for good. `timeBudget` seconds, 60 by default.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong; INTERRUPTED
 * after `signal`.
 * @example
 * ```ts
 * const { leaderboard } = await compare('customers.csv', { target: 'churn', timeBudget: 5 })
 * console.log(leaderboard[0].model, leaderboard[0].score)
 * ```
 */
export async function compare(data: DataSource, options: CompareOptions = {}): Promise<Comparison> {
  return (await import('./runs/compare.js')).compare(data, options)
}

/**
 * Groups rows that are alike, says what distinguishes each group, and writes every row with its group:
 * k-means with the number of clusters chosen by the silhouette, or DBSCAN.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE, FORMAT where an option or the data are wrong; INTERRUPTED.
 * @example
 * ```ts
 * const { clusters } = await cluster('customers.csv', { out: 'clusters.csv' })
 * for (const { rows, traits } of clusters) console.log(rows, traits[0]?.column)
 * ```
 */
export async function cluster(data: DataSource, options: ClusterOptions = {}): Promise<Clustering> {
  return (await import('./runs/unlabelled/cluster.js')).cluster(data, options)
}

/**
 * Ranks rows by how few random cuts set them apart from the others (isolation forest), says what is unusual
 * about the strangest, and writes all of them with their scores.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE, FORMAT where an option or the data are wrong; INTERRUPTED.
 * @example
 * ```ts
 * const { top } = await outliers('customers.csv', { out: 'ranked.csv' })
 * for (const { row, score, unusual } of top) console.log(row, score, unusual[0]?.column)
 * ```
 */
export async function outliers(data: DataSource, options: OutlierOptions = {}): Promise<Outliers> {
  return (await import('./runs/unlabelled/outliers.js')).outliers(data, options)
}
