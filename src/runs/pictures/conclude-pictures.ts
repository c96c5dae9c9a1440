// The end of a run on pictures: answers, metrics, baselines, the model, predictions, the report.

import { diagnose } from '../../execute/select.js'
import type { Model } from '../../train/model.js'
import { sampleOf } from '../baselines.js'
import { removeCheckpoints } from '../checkpoints.js'
import { writeReport } from '../conclude.js'
import { type ClassAnswers, measure } from '../evaluation.js'
import type { RunEventBody } from '../events.js'
import { classFigures } from '../figures.js'
import { executorName } from '../manifest.js'
import type { Language } from '../messages/language.js'
import { countParameters } from '../net.js'
import { layersOf } from '../net-layers.js'
import { line, probabilityText, uniqueNames } from '../predictions-csv.js'
import type { MetricName, MetricValues, ReportData } from '../report/report-data.js'
import { runPath } from '../run-folder.js'
import { writeDurably } from '../storage.js'
import { keptLosses, type TrainingHistory } from '../trained.js'
import { packageVersion } from '../version.js'
import type { PartAnswers } from './picture-answers.js'
import { measurePictureBaselines } from './picture-baselines.js'
import { pictureFigures } from './picture-figures.js'
import type { PictureManifest } from './picture-manifest.js'
import { PictureModel } from './picture-model.js'
import type { PictureNetSettings } from './picture-settings.js'
import type { PreparedPictures } from './prepare-pictures.js'

export interface ConcludePicturesOptions {
  readonly folder: string
  readonly manifest: PictureManifest
  readonly language: Language
  readonly target: string
  /** When the run began, by `performance.now()`. */
  readonly began: number
  readonly tell: (event: RunEventBody) => void
}

export interface PictureOutcome {
  readonly manifest: PictureManifest
  readonly metrics: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
  readonly baseline: Readonly<Record<'dummy' | 'linear', MetricValues>>
  readonly seconds: number
}

/** Training pictures that its metrics are taken from at most. */
const mostTrainRows = 5_000

export async function concludePictures(
  prepared: PreparedPictures,
  net: Model,
  history: TrainingHistory,
  settings: PictureNetSettings,
  { folder, manifest, language, target, began, tell }: ConcludePicturesOptions,
): Promise<PictureOutcome> {
  const trainedFor = (performance.now() - began) / 1000
  tell({ type: 'evaluating' })
  const { pictures, split, statistics, findings } = prepared
  const { classes, shape } = pictures
  const { fit = 'cover' } = manifest.settings
  const facts = { shape, fit, statistics, classes }
  const draft = new PictureModel(net, { ...facts, metrics: {} })
  const answer = async (rows: Uint32Array): Promise<PartAnswers> => ({
    rows,
    answers: {
      task: 'classification',
      classes: classes.length,
      truth: Int32Array.from(rows, row => pictures.labels[row]),
      probabilities: await draft.answers(pictures, rows),
    },
  })
  const parts = {
    train: await answer(sampleOf(split.train, mostTrainRows)),
    validation: await answer(split.validation),
    test: await answer(split.test),
  }
  const metrics = {
    train: measure(parts.train.answers),
    validation: measure(parts.validation.answers),
    test: measure(parts.test.answers),
  }
  const baseline = await measurePictureBaselines(prepared)
  tell({ type: 'metrics', metrics, baseline })
  const model = new PictureModel(net, { ...facts, metrics })
  await writeDurably(runPath(folder, 'model'), model.toBytes())
  await writeDurably(runPath(folder, 'predictions'), predictionLines(prepared, parts.test, target))
  const seconds = (performance.now() - began) / 1000
  const parameters = countParameters(net)
  const headline: MetricName = manifest.settings.metric ?? 'accuracy'
  const finished: PictureManifest = {
    ...manifest,
    status: 'finished',
    finished: new Date().toISOString(),
    model: { kind: settings.model, layers: `${shape.join('×')} → ${classes.length}`, parameters },
    epochs: history.epochs,
    bestEpoch: history.bestEpoch,
    seconds: Number(seconds.toFixed(3)),
    metrics,
    baseline,
  }
  const report: ReportData = {
    format: 1,
    language,
    version: packageVersion(),
    run: {
      name: manifest.name,
      created: manifest.created,
      seconds: trainedFor,
      epochs: history.epochs,
      bestEpoch: history.bestEpoch,
      executor: executorName(diagnose()),
    },
    task: 'classification',
    target,
    classes,
    ...(classes.length === 2 ? { positive: classes[1] } : {}),
    model: { kind: settings.model, layers: layersOf(net, shape), parameters },
    rows: {
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
    },
    inputs: 1,
    headline,
    metrics,
    baseline,
    history: {
      train: keptLosses(history.trainLoss),
      validation: keptLosses(history.validationLoss),
    },
    classification: classFigures(parts.test.answers, classes),
    pictures: {
      ...(await pictureFigures(prepared, net, settings, parts)),
      source: prepared.source,
    },
    importance: [],
    columns: [],
    columnCount: 0,
    findings,
    suspects: [],
    manifest: finished as unknown as Record<string, unknown>,
  }
  await writeReport(folder, report)
  await removeCheckpoints(folder)
  return { manifest: finished, metrics, baseline, seconds }
}

function* predictionLines(
  { pictures }: PreparedPictures,
  { rows, answers }: PartAnswers,
  target: string,
): Generator<string> {
  const { classes } = pictures
  yield line(uniqueNames(['picture', target], classes))
  for (let i = 0; i < rows.length; i++)
    yield line([
      pictures.name(rows[i]),
      classes[answers.truth[i]],
      ...answerCells(answers, i, classes),
    ])
}

/** The class that is most probable, and the probability of each. */
export function answerCells(
  { probabilities }: Pick<ClassAnswers, 'probabilities'>,
  row: number,
  classes: readonly string[],
): string[] {
  const own = classes.map((_, c) => probabilities[row * classes.length + c])
  return [classes[own.indexOf(Math.max(...own))], ...own.map(probabilityText)]
}
