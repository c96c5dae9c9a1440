// A run on pictures from data to report: what `athanor train <folder>` does, from code.

import { PictureBatches } from '../../applications/pictures/picture-batches.js'
import type { Split } from '../../data/split.js'
import { diagnose } from '../../execute/select.js'
import { augmentationsNamed, PictureScaler } from '../../features/pictures/index.js'
import type { Model } from '../../train/model.js'
import { earlierRun, requireSameData } from '../earlier-run.js'
import { settingsOf, sizesOf } from '../first-manifest.js'
import { fitInRun } from '../fit-in-run.js'
import { netCallbacks } from '../fit-net.js'
import { executorName } from '../manifest.js'
import { chooseLanguage } from '../messages/language.js'
import { sayIn } from '../messages/messages.js'
import { countParameters } from '../net.js'
import { runError } from '../run-error.js'
import { runPath } from '../run-folder.js'
import { RunSession } from '../run-session.js'
import { readSplit, writeSplit } from '../split-file.js'
import type { Run } from '../train.js'
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

/**
 * Errors: as `train`. `resume` and `repeat` name a run on pictures; `data` is a folder, an IDX file or a table
 * of pictures.
 */
export async function trainPictures(
  data: PictureSource | undefined,
  options: TrainOptions,
): Promise<Run> {
  const began = performance.now()
  const run = new PictureRun(options, began)
  try {
    if (options.resume !== undefined) return await run.resume(options.resume, data)
    if (options.repeat !== undefined) return await run.repeat(options.repeat, data)
    if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
    return await run.begin(data)
  } catch (error) {
    throw await run.fail(error)
  } finally {
    run.close()
  }
}

class PictureRun {
  private readonly session: RunSession<PictureManifest>

  constructor(
    private readonly options: TrainOptions,
    private readonly began: number,
  ) {
    this.session = new RunSession(options)
  }

  async begin(source: PictureSource): Promise<Run> {
    const settings = settingsOf(this.options)
    checkPictureSettings(settings)
    const prepared = await this.prepare(source, settings)
    await this.open(source, prepared, settings)
    return this.work(prepared)
  }

  async repeat(run: string, data: PictureSource | undefined): Promise<Run> {
    const { manifest, source, prepared } = await this.earlier(run, data, 'repeat')
    await this.open(source, prepared, manifest.settings, manifest.name)
    return this.work(prepared)
  }

  async resume(run: string, data: PictureSource | undefined): Promise<Run> {
    const { path, manifest, prepared } = await this.earlier(run, data, 'resume')
    return this.work(prepared, await this.session.goOn(path, manifest))
  }

  private async earlier(run: string, data: PictureSource | undefined, how: 'resume' | 'repeat') {
    const found = await earlierRun<PictureManifest>(run, this.options.out, 'pictures', how)
    const { settings, data: was } = found.manifest
    const source = data ?? (was.files.length === 1 ? was.files[0] : was.files)
    const split: Split = await readSplit(runPath(found.path, 'split'))
    const prepared = await this.prepare(source, settings, split)
    requireSameData(prepared.pictures.fingerprint, prepared.source, was.fingerprint)
    return { ...found, source, prepared }
  }

  private async prepare(
    source: PictureSource,
    settings: TrainSettings,
    split?: Split,
  ): Promise<PreparedPictures> {
    const { signal } = this.options
    const prepared = await preparePictures(source, settings, {
      split,
      signal,
      onReading: (name, done, of) =>
        this.session.tell({
          type: 'reading',
          source: name,
          ...(done === undefined ? {} : { rows: done, of }),
        }),
    })
    const { model, augment } = fillPictureSettings(settings, prepared.split.train.length)
    checkPictureSize(model, prepared.pictures.shape)
    augmentationsNamed(augment, prepared.pictures.shape)
    return prepared
  }

  private async open(
    source: PictureSource,
    prepared: PreparedPictures,
    settings: TrainSettings,
    repeats?: string,
  ): Promise<void> {
    const { session } = this
    const name = await session.open(prepared.source)
    const { pictures, split, splitMethod } = prepared
    const { fingerprint, rows } = pictures
    await writeSplit(
      runPath(session.folder, 'split'),
      { split, splitMethod, fingerprint, store: { rows } },
      settings.seed ?? 0,
    )
    const manifest = firstPictureManifest(name, source, prepared, settings)
    await session.keep(repeats === undefined ? manifest : { ...manifest, repeats })
  }

  private async work(prepared: PreparedPictures, resumedAt?: number): Promise<Run> {
    const { session, options } = this
    const { folder: path, tell } = session
    const { name, settings: asked } = session.manifest
    const language = chooseLanguage(options.lang, process.env)
    const target = asked.target ?? sayIn(language)('pictureClass')
    if (resumedAt === undefined) {
      tell({ type: 'started', run: name, path })
      this.tellData(prepared, target)
    }
    const settings = fillPictureSettings(asked, prepared.split.train.length)
    const { net, history } = await this.fit(prepared, settings, resumedAt)
    const { hidden: _, ...kept } = settings
    session.set({ ...session.manifest, settings: { ...asked, ...kept } })
    const outcome = await concludePictures(prepared, net, history, settings, {
      folder: path,
      manifest: session.manifest,
      language,
      target,
      began: this.began,
      tell,
    })
    session.set(outcome.manifest)
    tell({ type: 'finished', seconds: outcome.seconds, epochs: history.epochs })
    await session.keep(outcome.manifest)
    return {
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
    resumedAt: number | undefined,
  ): Promise<{ net: Model; history: TrainingHistory }> {
    const { session, options } = this
    const { pictures, split, statistics } = prepared
    const { train, validation } = split
    const steps = Math.ceil(train.length / settings.batchSize)
    const net = buildPictureNet(settings, pictures.shape, pictures.classes.length, steps)
    if (resumedAt === undefined)
      session.tell({
        type: 'model',
        model: settings.model,
        shape: `${pictures.shape.join('×')} → ${pictures.classes.length}`,
        parameters: countParameters(net),
        batchSize: settings.batchSize,
        epochs: settings.epochs,
        learningRate: settings.learningRate,
        executor: executorName(diagnose()),
        passedOver: diagnose().passedOver,
      })
    const scaler = new PictureScaler(statistics)
    const source = trainingPictures(prepared, settings)
    const history = await fitInRun(net, source, {
      folder: session.folder,
      tell: session.tell,
      signal: options.signal,
      resumedAt,
      validation: new PictureBatches(pictures, validation, { scaler }),
      rows: { train: train.length, validation: validation.length },
      callbacks: netCallbacks(settings),
      settings,
    })
    return { net, history }
  }

  private tellData({ pictures, split, splitMethod, findings }: PreparedPictures, target: string) {
    const { shape, rows, classes } = pictures
    this.session.tell({
      type: 'data',
      rows,
      columns: 1,
      inputs: 1,
      target,
      task: 'classification',
      classes,
      pictures: shape,
      split: { method: splitMethod, ...sizesOf(split) },
      findings,
    })
  }

  fail(error: unknown): Promise<unknown> {
    return this.session.fail(error, () => 'interrupted')
  }

  close(): void {
    this.session.close()
  }
}
