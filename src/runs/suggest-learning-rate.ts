// A learning rate for the net that `train` would make of these data: what `athanor lr` does, from code.

import { AthanorError } from '../base/errors.js'
import type { BatchSource } from '../train/batches.js'
import { findLearningRate, type LearningRateRange } from '../train/find-learning-rate.js'
import type { Model } from '../train/model.js'
import { checkModel } from './choose-model.js'
import type { RunEventBody } from './events.js'
import { findRunKind } from './find-kind.js'
import { settingsOf } from './first-manifest.js'
import { isTableModel, modelAskedFor } from './model-asked.js'
import { type DataSource, prepareData } from './prepare-data.js'
import { runError } from './run-error.js'
import { checkTrainOptions, type TrainOptions, type TrainSettings } from './train-options.js'

/** Options of `suggestLearningRate`: those of `train` that concern the data and the net. */
export type SuggestLearningRateOptions = Omit<
  TrainOptions,
  'out' | 'name' | 'resume' | 'repeat' | 'lang' | 'learningRate' | 'schedule'
>

interface Prepared {
  readonly net: Model
  readonly source: BatchSource
  readonly batchSize: number
  readonly seed: number
  /** What `train` takes where it is told nothing. */
  readonly standard: number
  close(): Promise<void>
}

/** What `suggestLearningRate` found, beside the rate that `train` takes by itself. */
export interface SuggestedLearningRate extends LearningRateRange {
  readonly standard: number
}

/**
 * The range test of learning rates for the net that `train` would make of a table or of pictures with these
 * options: see `findLearningRate`. Nothing is written.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE or FORMAT where an option or the data are wrong, and for models
 * that have no learning rate; INTERRUPTED after `signal`, before the test begins.
 * @example
 * ```ts
 * const { suggestion, svg } = await suggestLearningRate('customers.csv', { target: 'churn' })
 * ```
 */
export async function suggestLearningRate(
  data: DataSource,
  options: SuggestLearningRateOptions = {},
): Promise<SuggestedLearningRate> {
  checkTrainOptions(options)
  const { signal, onProgress } = options
  const tell = (body: RunEventBody) => onProgress?.({ time: new Date().toISOString(), ...body })
  // The rate of the test is its own: a schedule would change it.
  const settings: TrainSettings = { ...settingsOf(options), schedule: 'constant' }
  const kind = await findRunKind(data, options)
  if (kind !== 'pictures' && kind !== 'table') throw runError('ARGUMENT', 'noRatesFor')
  const prepared =
    kind === 'pictures'
      ? await ofPictures(data as string, settings, signal, tell)
      : await ofTable(data, settings, signal, tell)
  try {
    if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'learning rate' })
    const { net, source, batchSize, seed, standard } = prepared
    const found = await findLearningRate(net, source, { batchSize, seed })
    return { ...found, standard }
  } finally {
    await prepared.close()
  }
}

type Tell = (body: RunEventBody) => void

async function ofPictures(
  data: string,
  settings: TrainSettings,
  signal: AbortSignal | undefined,
  tell: Tell,
): Promise<Prepared> {
  const [pictures, filled, nets, training] = await Promise.all([
    import('./pictures/prepare-pictures.js'),
    import('./pictures/picture-settings.js'),
    import('./pictures/picture-nets.js'),
    import('./pictures/training-pictures.js'),
  ])
  filled.checkPictureSettings(settings)
  const prepared = await pictures.preparePictures(data, settings, {
    signal,
    onReading: (source, done, of) =>
      tell({ type: 'reading', source, ...(done === undefined ? {} : { rows: done, of }) }),
  })
  const { shape, classes } = prepared.pictures
  const net = filled.fillPictureSettings(settings, prepared.split.train.length)
  nets.checkPictureSize(net.model, shape)
  return {
    net: nets.buildPictureNet(net, shape, classes.length, 1),
    source: training.trainingPictures(prepared, net),
    batchSize: net.batchSize,
    seed: net.seed,
    standard: net.learningRate,
    close: async () => {},
  }
}

async function ofTable(
  data: DataSource,
  settings: TrainSettings,
  signal: AbortSignal | undefined,
  tell: Tell,
): Promise<Prepared> {
  const { schedule: _, ...asked } = settings
  const { model: named = 'neural' } = settings
  if (isTableModel(named) && named !== 'neural')
    throw runError('ARGUMENT', 'noLearningRate', { model: named })
  const model = modelAskedFor({ ...asked, model: named })
  const prepared = await prepareData(
    data,
    { ...settings, model },
    {
      signal,
      onReading: (source, rows) =>
        tell({ type: 'reading', source, ...(rows === undefined ? {} : { rows }) }),
    },
  )
  const { encoder, preprocessor, split, store, task } = prepared
  try {
    await checkModel(prepared, { ...settings, model })
    const [{ fillNetSettings }, { buildNet }, { sourcesOf }] = await Promise.all([
      import('./net-defaults.js'),
      import('./net.js'),
      import('./train-net.js'),
    ])
    const net = fillNetSettings(settings, task, split.train.length)
    const outputs = task === 'regression' ? 1 : encoder.classes.length
    return {
      net: buildNet(net, preprocessor.width, outputs, task, 1),
      source: (await sourcesOf(prepared, net)).source,
      batchSize: net.batchSize,
      seed: net.seed,
      standard: net.learningRate,
      close: () => store.close(),
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
