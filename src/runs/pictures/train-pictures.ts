// A run on pictures from data to report.

import { PictureBatches } from '../../applications/pictures/picture-batches.js'
import { diagnose } from '../../execute/select.js'
import { augmentationsNamed, PictureScaler } from '../../features/pictures/index.js'
import type { Model } from '../../train/model.js'
import type { EpochsDone } from '../checkpoints.js'
import { settingsOf, sizesOf } from '../first-manifest.js'
import { fitInRun } from '../fit-in-run.js'
import { watchingSchedule } from '../fit-net.js'
import { chooseLanguage } from '../messages/language.js'
import { sayIn } from '../messages/messages.js'
import type { NetToRate } from '../rate-test.js'
import { type DataFacts, type Earlier, RunCourse, type Start } from '../run-course.js'
import { runError } from '../run-error.js'
import type { Run } from '../run-results.js'
import type { TrainOptions, TrainSettings } from '../train-options.js'
import type { TrainingHistory } from '../trained.js'
import { concludePictures } from './conclude-pictures.js'
import { firstPictureManifest, type PictureManifest } from './picture-manifest.js'
import { buildPictureNet, checkPictureSize } from './picture-nets.js'
import {
  checkPictureSettings,
  fillPictureSettings,
  type PictureNetSettings,
} from './picture-settings.js'
import { type PreparedPictures, preparePictures } from './prepare-pictures.js'
import { trainingPictures } from './training-pictures.js'

type PictureSource = string | readonly string[]

function netFor({ pictures, split }: PreparedPictures, settings: PictureNetSettings): Model {
  const steps = Math.ceil(split.train.length / settings.batchSize)
  return buildPictureNet(settings, pictures.shape, pictures.classes.length, steps)
}

export class PictureRun extends RunCourse<PictureSource, PreparedPictures, PictureManifest, Run> {
  constructor(private readonly asked: TrainOptions) {
    super('pictures', asked)
  }

  protected settings(): TrainSettings {
    const settings = settingsOf(this.asked)
    checkPictureSettings(settings)
    return settings
  }

  protected async prepare(
    source: PictureSource,
    settings: TrainSettings,
    earlier?: Earlier<PictureManifest>,
  ): Promise<PreparedPictures> {
    if ([source].flat().some(path => typeof path !== 'string'))
      throw runError('ARGUMENT', 'picturesArePaths')
    const { signal } = this.options
    const { onReading } = this
    const prepared = await preparePictures(source, settings, {
      split: earlier?.split,
      signal,
      onReading,
    })
    const { model, augment } = fillPictureSettings(settings, prepared.split.train.length)
    checkPictureSize(model, prepared.pictures.shape)
    augmentationsNamed(augment, prepared.pictures.shape)
    return prepared
  }

  protected facts({ source, pictures, split, splitMethod }: PreparedPictures): DataFacts {
    const { fingerprint, rows } = pictures
    return { source, fingerprint, title: source, divided: { split, splitMethod, rows } }
  }

  protected firstManifest(
    name: string,
    source: PictureSource,
    prepared: PreparedPictures,
    settings: TrainSettings,
  ): PictureManifest {
    return firstPictureManifest(name, source, prepared, settings)
  }

  protected netToRate(prepared: PreparedPictures, given: TrainSettings): NetToRate {
    const settings = fillPictureSettings(given, prepared.split.train.length)
    const { batchSize, seed, learningRate: standard } = settings
    const source = trainingPictures(prepared, settings)
    return { net: netFor(prepared, settings), source, batchSize, seed, standard }
  }

  private get target(): string {
    const language = chooseLanguage(this.options.lang, process.env)
    return this.session.manifest.settings.target ?? sayIn(language)('pictureClass')
  }

  protected async work(
    prepared: PreparedPictures,
    { resumed }: Start<PictureManifest>,
  ): Promise<Run> {
    const { session, options, target } = this
    const { folder: path, tell } = session
    const { name, settings: asked } = session.manifest
    const settings = fillPictureSettings(asked, prepared.split.train.length)
    const { net, history } = await this.fit(prepared, settings, resumed)
    const { hidden: _, ...kept } = settings
    session.set({ ...session.manifest, settings: { ...asked, ...kept } })
    const outcome = await concludePictures(prepared, net, history, settings, {
      folder: path,
      manifest: session.manifest,
      language: chooseLanguage(options.lang, process.env),
      target,
      began: this.began,
      tell,
    })
    session.set(outcome.manifest)
    tell({ type: 'finished', seconds: outcome.seconds, epochs: history.epochs })
    await session.keep(outcome.manifest)
    return {
      kind: 'pictures',
      name,
      path,
      task: 'classification',
      target,
      model: settings.model,
      metrics: outcome.metrics,
      baseline: outcome.baseline,
      epochs: history.epochs,
      seconds: outcome.seconds,
      executor: diagnose().chosen,
      leaderboard: [],
      learningCurve: null,
    }
  }

  private async fit(
    prepared: PreparedPictures,
    settings: PictureNetSettings,
    resumed: EpochsDone | undefined,
  ): Promise<{ net: Model; history: TrainingHistory }> {
    const { session, options } = this
    const { pictures, split, statistics } = prepared
    const { train, validation } = split
    const net = netFor(prepared, settings)
    const scaler = new PictureScaler(statistics)
    const source = trainingPictures(prepared, settings)
    const history = await fitInRun(net, source, {
      folder: session.folder,
      tell: session.tell,
      signal: options.signal,
      resumed,
      model: settings.model,
      shape: `${pictures.shape.join('×')} → ${pictures.classes.length}`,
      validation: new PictureBatches(pictures, validation, { scaler }),
      rows: { train: train.length, validation: validation.length },
      callbacks: watchingSchedule(settings),
      settings,
    })
    return { net, history }
  }

  protected tellData({ pictures, split, splitMethod, findings }: PreparedPictures): void {
    const { shape, rows, classes } = pictures
    this.session.tell({
      type: 'data',
      rows,
      columns: 1,
      inputs: 1,
      target: this.target,
      task: 'classification',
      classes,
      pictures: shape,
      split: { method: splitMethod, ...sizesOf(split) },
      findings,
    })
  }
}
