// A run from data to report: what `athanor train` does, from code.

import type { DataFinding } from '../data/finding.js'
import type { Split } from '../data/split.js'
import type { Board, LearningCurve } from './board/board.js'
import { type LeaderboardRow, leaderboard } from './board/leaderboard.js'
import { type Choice, checkModel, chooseModel } from './choose-model.js'
import { earlierRun, requireSameData } from './earlier-run.js'
import { findRunKind } from './find-kind.js'
import { firstManifest, settingsOf, sizesOf } from './first-manifest.js'
import type { Manifest } from './manifest.js'
import { chooseLanguage } from './messages/language.js'
import { modelAskedFor } from './model-asked.js'
import type { FamilyName } from './model-families.js'
import {
  type DataSource,
  type PreparedData,
  type PrepareOptions,
  prepareData,
} from './prepare-data.js'
import type { MetricValues } from './report/report-data.js'
import { runError } from './run-error.js'
import { runPath } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import { RunSession } from './run-session.js'
import { readSplit, writeSplit } from './split-file.js'
import {
  checkTrainOptions,
  type PictureModelName,
  type TrainOptions,
  type TrainSettings,
} from './train-options.js'

/** A finished run. */
export interface Run {
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly task: 'classification' | 'regression'
  readonly target: string
  /** The family of the model; what `auto` chose. */
  readonly model: FamilyName | PictureModelName
  readonly metrics: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
  readonly baseline: Readonly<Record<'dummy' | 'linear', MetricValues>>
  /** null for models that are not trained in epochs. */
  readonly epochs: number | null
  readonly seconds: number
  readonly executor: string
  /** What was compared, the best first, the dummy last; empty where nothing was. */
  readonly leaderboard: readonly LeaderboardRow[]
  readonly learningCurve: LearningCurve | null
}

/**
 * Trains a model on a table or on pictures: reads and checks the data, splits it, trains, measures on rows
 * never seen, and leaves a folder with the model, its predictions on the test rows and a report.
 *
 * `data` is a file, a glob, a list of files, or an array of objects; of pictures a folder with a folder for
 * each class, one with IDX files, or with the option `picture` a table of paths. All options but `target` have
 * defaults; see `TrainOptions`.
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
  checkTrainOptions(options)
  const kind = await findRunKind(data, options)
  if (kind === 'pictures') {
    const { trainPictures } = await import('./pictures/train-pictures.js')
    return trainPictures(data as string | readonly string[] | undefined, options)
  }
  if (kind !== 'table') throw runError('ARGUMENT', 'otherTrain', { name: otherTrains[kind] })
  const began = performance.now()
  const run = new TableRun(options)
  try {
    if (options.resume !== undefined) return await run.resume(options.resume, data, began)
    if (options.repeat !== undefined) return await run.repeat(options.repeat, data, began)
    return await run.begin(need(data), began)
  } catch (error) {
    throw await run.fail(error)
  } finally {
    await run.close()
  }
}

/** Kinds of runs whose results have a form of their own. */
const otherTrains: Readonly<Record<Exclude<RunKind, 'table' | 'pictures'>, string>> = {
  text: 'trainTextClassifier',
  languageModel: 'trainLanguageModel',
  speech: 'trainSpeech',
}

function need(data: DataSource | undefined): DataSource {
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  return data
}

/** Whether the run has a net in training, with checkpoints. */
function trainsNet({ model = 'neural' }: TrainSettings, board: Board | undefined): boolean {
  if (model !== 'auto') return model === 'neural'
  return board?.complete === true && board.entries[board.chosen].family === 'neural'
}

/** Engine, models and report are loaded while the data are being read. */
async function loadEngine() {
  const [select, findings, candidate, conclusion] = await Promise.all([
    import('../execute/select.js'),
    import('./findings.js'),
    import('./train-candidate.js'),
    import('./conclude.js'),
  ])
  return { ...select, ...findings, ...candidate, ...conclusion }
}

/** How a run begins its work. */
interface Start {
  readonly began: number
  /** Epochs that a net has done; absent for a new run. */
  readonly resumedAt?: number
  /** What was compared before the run was interrupted. */
  readonly done?: Board
  /** The board of the run that is repeated. */
  readonly repeat?: Board
}

class TableRun {
  private readonly session: RunSession<Manifest>
  private prepared: PreparedData | undefined

  private readonly engine: ReturnType<typeof loadEngine>

  constructor(private readonly options: TrainOptions) {
    this.session = new RunSession(options)
    this.engine = loadEngine()
    // A failure is told where the engine is needed; bad input is told first.
    this.engine.catch(() => {})
  }

  private readonly onReading = (source: string, rows?: number) =>
    this.session.tell({ type: 'reading', source, ...(rows === undefined ? {} : { rows }) })

  async begin(source: DataSource, began: number): Promise<Run> {
    const given = settingsOf(this.options)
    const settings = { ...given, model: modelAskedFor(given) }
    const prepared = await this.prepare(source, settings)
    await checkModel(prepared, settings)
    await this.open(source, prepared, settings)
    return this.work(prepared, { began })
  }

  async repeat(run: string, data: DataSource | undefined, began: number): Promise<Run> {
    const { manifest, source, split } = await this.earlier(run, data, 'repeat')
    const { settings } = manifest
    const prepared = await this.prepareAgain(manifest, source, split)
    await this.open(source, prepared, settings, manifest.name)
    return this.work(prepared, { began, repeat: manifest.board })
  }

  async resume(run: string, data: DataSource | undefined, began: number): Promise<Run> {
    const { path, manifest, source, split } = await this.earlier(run, data, 'resume')
    const prepared = await this.prepareAgain(manifest, source, split)
    const { settings, board } = manifest
    const epoch = await this.session.goOn(path, manifest, trainsNet(settings, board))
    return this.work(prepared, { began, resumedAt: epoch, done: board })
  }

  /** A run that is there, and the data that it was made from. */
  private async earlier(run: string, data: DataSource | undefined, how: 'resume' | 'repeat') {
    const found = await earlierRun<Manifest>(run, this.options.out, 'table', how)
    const source = need(data ?? found.manifest.data.files)
    const split: Split = await readSplit(runPath(found.path, 'split'))
    return { ...found, source, split }
  }

  private async prepareAgain(
    { settings, data }: Manifest,
    source: DataSource,
    split: Split,
  ): Promise<PreparedData> {
    const prepared = await this.prepare(source, settings, { split, onDisk: data.onDisk === true })
    requireSameData(prepared.fingerprint, prepared.source, data.fingerprint)
    await checkModel(prepared, settings)
    return prepared
  }

  private async prepare(
    source: DataSource,
    settings: TrainSettings,
    options: PrepareOptions = {},
  ): Promise<PreparedData> {
    const { signal } = this.options
    const prepared = await prepareData(source, settings, {
      ...options,
      signal,
      onReading: this.onReading,
    })
    this.prepared = prepared
    return prepared
  }

  /** A folder, a log and a manifest for a new run. */
  private async open(
    source: DataSource,
    prepared: PreparedData,
    settings: TrainSettings,
    repeats?: string,
  ): Promise<void> {
    const name = await this.session.open(prepared.target)
    await writeSplit(runPath(this.session.folder, 'split'), prepared, settings.seed ?? 0)
    const { diagnose } = await this.engine
    const manifest = firstManifest(name, source, prepared, settings, diagnose())
    await this.session.keep(repeats === undefined ? manifest : { ...manifest, repeats })
  }

  private async work(prepared: PreparedData, start: Start): Promise<Run> {
    const { conclude, diagnose, findingsOf, trainCandidate } = await this.engine
    const { began, resumedAt } = start
    const { session } = this
    const { folder: path, tell } = session
    const { name, settings: asked } = session.manifest
    const { target, task } = prepared
    if (resumedAt === undefined) this.session.tell({ type: 'started', run: name, path })
    const findings = findingsOf(prepared)
    if (resumedAt === undefined) this.tellData(prepared, findings)
    const { candidate, board, outOfFold } = await this.choose(prepared, asked, start)
    const fitBegan = performance.now()
    const { trained, settings } = await trainCandidate(prepared, candidate, asked, {
      folder: path,
      tell,
      signal: this.options.signal,
      resumedAt,
    })
    session.set({ ...session.manifest, settings })
    const fitSeconds = (performance.now() - fitBegan) / 1000
    const language = chooseLanguage(this.options.lang, process.env)
    const outcome = await conclude(prepared, trained, {
      folder: path,
      manifest: session.manifest,
      findings,
      outOfFold,
      language,
      began,
      fitSeconds,
      tell,
    })
    session.set(outcome.manifest)
    const epochs = trained.history?.epochs ?? null
    tell({ type: 'finished', seconds: outcome.seconds, epochs })
    await session.keep(outcome.manifest)
    const { chosen } = diagnose()
    return {
      name,
      path,
      task,
      target,
      model: trained.family,
      metrics: outcome.metrics,
      baseline: outcome.baseline,
      epochs,
      seconds: outcome.seconds,
      executor: chosen,
      leaderboard: board === undefined ? [] : leaderboard(board),
      learningCurve: board?.learningCurve ?? null,
    }
  }

  private tellData(prepared: PreparedData, findings: readonly DataFinding[]): void {
    const { target, task, encoder, split } = prepared
    this.session.tell({
      type: 'data',
      rows: prepared.store.rows,
      columns: prepared.schema.length,
      inputs: prepared.preprocessor.inputs.filter(input => input.used).length,
      target,
      task,
      ...(task === 'classification' ? { classes: encoder.classes } : {}),
      split: { method: prepared.splitMethod, ...sizesOf(split) },
      findings,
    })
    if (prepared.onDisk !== undefined)
      this.session.tell({
        type: 'on-disk',
        ...prepared.onDisk,
        rows: prepared.store.rows,
        sample: prepared.sample.table.rows,
      })
  }

  /** What is compared is in the manifest after each candidate, so that nothing is measured twice. */
  private async choose(
    prepared: PreparedData,
    asked: TrainSettings,
    { done, repeat }: Start,
  ): Promise<Choice> {
    const { session } = this
    const keep = (board: Board) => session.keep({ ...session.manifest, board })
    const { signal } = this.options
    const options = { tell: this.session.tell, signal, onBoard: keep }
    const choice = await chooseModel(prepared, asked, { ...options, done, repeat })
    if (choice.board !== undefined) await keep(choice.board)
    return choice
  }

  fail(error: unknown): Promise<unknown> {
    // An estimator on its own keeps nothing of a fit.
    return this.session.fail(error, ({ board, settings: { model = 'neural' } }) =>
      board !== undefined || model === 'neural' || model === 'auto'
        ? 'interrupted'
        : 'interruptedFit',
    )
  }

  async close(): Promise<void> {
    this.session.close()
    await this.prepared?.store.close()
  }
}
