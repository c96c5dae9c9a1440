// A run's picture model on other pictures: opening them as the model needs them, measuring, predicting.

import { AthanorError } from '../../base/errors.js'
import { isManifest } from '../../data/node/pictures/list-pictures.js'
import { openPictures, openPicturesToPredict } from '../../data/node/pictures/open-pictures.js'
import type { PictureDataset } from '../../data/pictures/index.js'
import { writePieces } from '../csv-output.js'
import { measure } from '../evaluation.js'
import type { PredictedRow } from '../predicted-row.js'
import { line, uniqueNames } from '../predictions-csv.js'
import { runError } from '../run-error.js'
import { readManifest } from '../run-folder.js'
import type { Evaluation } from '../use-model.js'
import { answerCells } from './conclude-pictures.js'
import { type PictureModel, predictionOf } from './picture-model.js'

interface Opening {
  /** Whether a table has to have the classes where the run's own had them. Default: true. */
  readonly isMeasured?: boolean
  readonly signal?: AbortSignal
}

/** Pictures in the model's size, labelled with its classes; `run` says which columns a table has them in. */
export async function openForPictureModel(
  model: PictureModel,
  paths: readonly string[],
  run: string,
  { isMeasured = true, signal }: Opening = {},
): Promise<PictureDataset> {
  const { shape, fit, classes } = model.facts
  const settings = await readManifest(run).then(
    manifest => manifest.settings,
    () => undefined,
  )
  const open = isMeasured ? openPictures : openPicturesToPredict
  return open(paths.length === 1 ? paths[0] : paths, {
    pictureSize: [shape[0], shape[1]],
    channels: shape[2] === 1 ? 1 : 3,
    fit,
    classes,
    signal,
    ...(paths.length === 1 && isManifest(paths[0])
      ? {
          pictureColumn: settings?.picture,
          ...(isMeasured ? { labelColumn: settings?.target } : {}),
        }
      : {}),
  })
}

/** Errors: DATA where no picture has a class, or one that the model knows. */
export async function evaluatePictures(
  model: PictureModel,
  pictures: PictureDataset,
): Promise<Evaluation> {
  const rows: number[] = []
  pictures.labels.forEach((label, row) => {
    if (label >= 0) rows.push(row)
  })
  if (rows.length === 0)
    throw runError('DATA', 'noKnownClasses', {
      source: pictures.source,
      list: model.classes.join(', '),
    })
  const ids = Uint32Array.from(rows)
  const probabilities = await model.answers(pictures, ids)
  const metrics = measure({
    task: 'classification',
    classes: model.classes.length,
    truth: Int32Array.from(ids, row => pictures.labels[row]),
    probabilities,
  })
  return { rows: rows.length, unseen: pictures.rows - rows.length, metrics }
}

/** Pictures predicted at a time. */
const chunk = 1024

/** Writes a line for each picture: its name, its class, the probability of each. */
export async function predictPicturesToFile(
  model: PictureModel,
  pictures: PictureDataset,
  out: string | undefined,
  onText: (text: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  const { classes } = model
  async function* pieces(): AsyncGenerator<string> {
    yield line(uniqueNames(['picture'], classes))
    for await (const { ids, probabilities } of answeredPictures(model, pictures, signal))
      yield Array.from(ids, (id, i) =>
        line([pictures.name(id), ...answerCells({ probabilities }, i, classes)]),
      ).join('')
  }
  await writePieces(pieces(), out, onText)
  return pictures.rows
}

/** The same as values. */
export async function* predictedPictures(
  model: PictureModel,
  pictures: PictureDataset,
  signal?: AbortSignal,
): AsyncGenerator<PredictedRow[]> {
  const { classes } = model
  for await (const { ids, probabilities } of answeredPictures(model, pictures, signal))
    yield Array.from(ids, (id, i) => ({
      picture: pictures.name(id),
      ...predictionOf(probabilities, i, classes),
    }))
}

async function* answeredPictures(
  model: PictureModel,
  pictures: PictureDataset,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly ids: Uint32Array; readonly probabilities: Float64Array }> {
  for (let start = 0; start < pictures.rows; start += chunk) {
    if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: 'predicting' })
    const length = Math.min(chunk, pictures.rows - start)
    const ids = Uint32Array.from({ length }, (_, i) => start + i)
    yield { ids, probabilities: await model.answers(pictures, ids) }
  }
}
