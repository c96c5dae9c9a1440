// The package in Node: the library, files and databases as data sources, and runs. Reading data and
// training a run are loaded when they are first called, so that importing the package stays quick.

import type { Dataset, PictureDataset } from './data/index.js'
import type { OpenOptions, OpenPicturesOptions } from './data/node/index.js'
import type { CompareOptions, Comparison } from './runs/compare.js'
import type { DataSource } from './runs/prepare-data.js'
import type { SpeechRun } from './runs/speech/train-speech.js'
import type {
  SuggestedLearningRate,
  SuggestLearningRateOptions,
} from './runs/suggest-learning-rate.js'
import type { LanguageModelOptions } from './runs/text/language-options.js'
import type { LanguageModelRun } from './runs/text/language-run.js'
import type { TextRunOptions } from './runs/text/text-options.js'
import type { Run } from './runs/train.js'
import type { TrainOptions } from './runs/train-options.js'
import type { Clustering, ClusterOptions } from './runs/unlabelled/cluster.js'
import type { OutlierOptions, Outliers } from './runs/unlabelled/outliers.js'

export * from './library.js'
export type {
  Clustering,
  ClusterOptions,
  CompareOptions,
  Comparison,
  DataSource,
  Dataset,
  LanguageModelOptions,
  LanguageModelRun,
  OpenOptions,
  OpenPicturesOptions,
  OutlierOptions,
  Outliers,
  Run,
  SpeechRun,
  SuggestedLearningRate,
  SuggestLearningRateOptions,
  TextRunOptions,
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
 * Trains a model on a table or on pictures: reads and checks the data, splits it, trains, measures on rows
 * never seen, and leaves a folder with the model, its predictions on the test rows and a report.
 *
 * `data` is a file, a glob, a list of files, or an array of objects; of pictures a folder with a folder for
 * each class, one with IDX files, or with the option `picture` a table of paths. It may be left out with
 * `resume`. All options have defaults but a table's `target`; see `TrainOptions`.
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

/**
 * The range test of learning rates for the net that `train` would make of a table or of pictures with these
 * options: see `findLearningRate`. Nothing is written.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong, and for models
 * that have no learning rate; INTERRUPTED after `signal`, before the test begins.
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

/**
 * Trains a language model on a text file: the last parts of the text are kept for validation and test, the
 * tokenizer (characters, words or byte pairs) is trained on the rest. Leaves a folder with the model, samples and
 * measures beside those of counts; `loadModel(run.path)` gives `generate`.
 *
 * @throws AthanorError ARGUMENT, DATA or FILE where an option or the text are wrong; NOT_FINITE when training
 * diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts
 * const run = await trainLanguageModel('runs/book.txt', { tokenizer: 'bpe', epochs: 5 })
 * console.log(run.measures.model.test.bitsPerCharacter, run.path)
 * ```
 */
export async function trainLanguageModel(
  file: string | undefined,
  options: LanguageModelOptions = {},
): Promise<LanguageModelRun> {
  return (await import('./runs/text/language-run.js')).trainLanguageModel(file, options)
}

/**
 * Trains a model that transcribes recordings. `data` is a list (CSV or any other table) with a column of
 * WAV files, `options.audio`, found from the list's folder, and one of what is said in them,
 * `options.transcript`. Of the other options, those that have a meaning here: `hidden` (units of the
 * recurrent layers), `epochs`, `batchSize`, `learningRate`, `dropout`, `patience`, `validation`, `test`,
 * `group`, `query`, `encoding`, `seed`, and where the run goes.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong;
 * NOT_FINITE when training diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts no-run
 * const run = await trainSpeech('words.csv', { audio: 'file', transcript: 'text' })
 * console.log(run.metrics.test.characterErrorRate)
 * ```
 */
export async function trainSpeech(
  data: DataSource | undefined,
  options: TrainOptions = {},
): Promise<SpeechRun> {
  return (await import('./runs/speech/train-speech.js')).trainSpeech(data, options)
}

/**
 * Trains a net to tell texts apart: `text` names the column of a table that it reads, `target` that of their
 * classes. Leaves the folder that a run on a table leaves; the linear baseline is TF-IDF with logistic regression.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong; NOT_FINITE when
 * training diverges; INTERRUPTED after `signal`, with everything saved for `resume`.
 * @example
 * ```ts
 * const run = await trainTextClassifier('runs/mails.csv', { text: 'body', target: 'spam' })
 * console.log(run.metrics.test.accuracy, run.baseline.linear.accuracy)
 * ```
 */
export async function trainTextClassifier(
  data: DataSource | undefined,
  options: TextRunOptions = {},
): Promise<Run> {
  return (await import('./runs/text/text-classifier-run.js')).trainTextClassifier(data, options)
}
