// A run from data to report: what `athanor train` does, from code.

import { AthanorError } from '../base/errors.js'
import type { DataFinding } from '../data/finding.js'
import type { Split } from '../data/split.js'
import type { Board, LearningCurve } from './board/board.js'
import { type LeaderboardRow, leaderboard } from './board/leaderboard.js'
import { type Choice, checkModel, chooseModel } from './choose-model.js'
import { EventLog, readEvents } from './event-log.js'
import type { RunEvent, RunEventBody } from './events.js'
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
import { RunError, runError } from './run-error.js'
import { createRunFolder, findRun, readManifest, runPath, shownPath } from './run-folder.js'
import { readSplit, writeSplit } from './split-file.js'
import { writeDurably } from './storage.js'
import { checkTrainOptions, type TrainOptions, type TrainSettings } from './train-options.js'

/** A finished run. */
export interface Run {
  readonly name: string
  /** Its folder; `loadModel(run.path)` loads the model. */
  readonly path: string
  readonly task: 'classification' | 'regression'
  readonly target: string
  /** The family of the model; what `auto` chose. */
  readonly model: FamilyName
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
 * Trains a model on a table: reads and checks the data, splits it, trains, measures on rows never
 * seen, and leaves a folder with the model, its predictions on the test rows and a report.
 *
 * `data` is a file, a glob, a list of files, or an array of objects. All options but `target` have
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
  const began = performance.now()
  const session = new Session(options)
  try {
    if (options.resume !== undefined) return await session.resume(options.resume, data, began)
    if (options.repeat !== undefined) return await session.repeat(options.repeat, data, began)
    return await session.begin(need(data), began)
  } catch (error) {
    throw await session.fail(error)
  } finally {
    await session.close()
  }
}

function need(data: DataSource | undefined): DataSource {
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  return data
}

function checkFingerprint(prepared: PreparedData, { data }: Manifest): void {
  if (prepared.fingerprint !== data.fingerprint)
    throw runError('DATA', 'dataChanged', { path: prepared.source })
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

/** Events that come many times a second: heard, not kept. */
const passing: ReadonlySet<RunEvent['type']> = new Set([
  'progress',
  'reading',
  'comparing',
  'curve',
  'fit-progress',
])

class Session {
  private log: EventLog | undefined
  private folder: string | undefined
  private manifest: Manifest | undefined
  private prepared: PreparedData | undefined

  private readonly engine: ReturnType<typeof loadEngine>

  constructor(private readonly options: TrainOptions) {
    this.engine = loadEngine()
    // A failure is told where the engine is needed; bad input is told first.
    this.engine.catch(() => {})
  }

  private readonly tell = (body: RunEventBody): void => {
    const kept = !passing.has(body.type)
    const event: RunEvent =
      kept && this.log !== undefined
        ? this.log.append(body)
        : { time: new Date().toISOString(), ...body }
    this.options.onProgress?.(event)
  }

  private readonly onReading = (source: string, rows?: number) =>
    this.tell({ type: 'reading', source, ...(rows === undefined ? {} : { rows }) })

  async begin(source: DataSource, began: number): Promise<Run> {
    const given = settingsOf(this.options)
    const settings = { ...given, model: modelAskedFor(given) }
    const prepared = await this.prepare(source, settings)
    await checkModel(prepared, settings)
    await this.open(source, prepared, settings)
    return this.work(prepared, { began })
  }

  async repeat(run: string, data: DataSource | undefined, began: number): Promise<Run> {
    const { path, manifest, source, split } = await this.earlier(run, data)
    if (manifest.status !== 'finished')
      throw runError('ARGUMENT', 'repeatUnfinished', { run: shownPath(path) })
    const { settings } = manifest
    const onDisk = manifest.data.onDisk === true
    const prepared = await this.prepare(source, settings, { split, onDisk })
    checkFingerprint(prepared, manifest)
    await checkModel(prepared, settings)
    await this.open(source, prepared, settings, manifest.name)
    return this.work(prepared, { began, repeat: manifest.board })
  }

  async resume(run: string, data: DataSource | undefined, began: number): Promise<Run> {
    const { path, manifest, source, split } = await this.earlier(run, data)
    if (manifest.status === 'finished') {
      const report = shownPath(runPath(path, 'report'))
      throw runError('ARGUMENT', 'alreadyFinished', { run: shownPath(path), report })
    }
    const { settings, board } = manifest
    const onDisk = manifest.data.onDisk === true
    const prepared = await this.prepare(source, settings, { split, onDisk })
    checkFingerprint(prepared, manifest)
    this.folder = path
    this.manifest = { ...manifest, status: 'running' }
    await checkModel(prepared, settings)
    const { lengthAt } = await readEvents(runPath(path, 'events'))
    const { epoch, warnings } = trainsNet(settings, board)
      ? await (await import('./checkpoints.js')).prepareCheckpoint(path)
      : { epoch: 0, warnings: [] }
    this.log = new EventLog(runPath(path, 'events'), lengthAt(epoch))
    for (const warning of warnings) this.tell({ type: 'warning', text: warning })
    await this.writeManifest()
    return this.work(prepared, { began, resumedAt: epoch, done: board })
  }

  /** A run that is there, and the data that it was made from. */
  private async earlier(run: string, data: DataSource | undefined) {
    const path = await findRun(run, this.options.out)
    const manifest = await readManifest(path)
    const source = data ?? manifest.data.files
    if (source === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
    const split: Split = await readSplit(runPath(path, 'split'))
    return { path, manifest, source, split }
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
    const { out = 'runs' } = this.options
    const { name, path } = await createRunFolder(out, this.options.name, prepared.target)
    this.folder = path
    this.log = new EventLog(runPath(path, 'events'))
    await writeSplit(runPath(path, 'split'), prepared, settings.seed ?? 0)
    const { diagnose } = await this.engine
    const manifest = firstManifest(name, source, prepared, settings, diagnose())
    this.manifest = repeats === undefined ? manifest : { ...manifest, repeats }
    await this.writeManifest()
  }

  private async work(prepared: PreparedData, start: Start): Promise<Run> {
    const { conclude, diagnose, findingsOf, trainCandidate } = await this.engine
    const { began, resumedAt } = start
    const path = this.folder as string
    const { name, settings: asked } = this.manifest as Manifest
    const { target, task } = prepared
    if (resumedAt === undefined) this.tell({ type: 'started', run: name, path })
    const findings = findingsOf(prepared)
    if (resumedAt === undefined) this.tellData(prepared, findings)
    const { candidate, board, outOfFold } = await this.choose(prepared, asked, start)
    const fitBegan = performance.now()
    const { trained, settings } = await trainCandidate(prepared, candidate, asked, {
      folder: path,
      tell: this.tell,
      signal: this.options.signal,
      resumedAt,
    })
    this.manifest = { ...(this.manifest as Manifest), settings }
    const fitSeconds = (performance.now() - fitBegan) / 1000
    const language = chooseLanguage(this.options.lang, process.env)
    const outcome = await conclude(prepared, trained, {
      folder: path,
      manifest: this.manifest,
      findings,
      outOfFold,
      language,
      began,
      fitSeconds,
      tell: this.tell,
    })
    this.manifest = outcome.manifest
    const epochs = trained.history?.epochs ?? null
    this.tell({ type: 'finished', seconds: outcome.seconds, epochs })
    await this.writeManifest()
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
    this.tell({
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
      this.tell({
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
    const keep = async (board: Board) => {
      this.manifest = { ...(this.manifest as Manifest), board }
      await this.writeManifest()
    }
    const { signal } = this.options
    const options = { tell: this.tell, signal, onBoard: keep }
    const choice = await chooseModel(prepared, asked, { ...options, done, repeat })
    if (choice.board !== undefined) await keep(choice.board)
    return choice
  }

  /**
   * Leaves word of what happened, and returns what to throw; a failure to do so must not hide the
   * first one.
   */
  async fail(error: unknown): Promise<unknown> {
    if (this.manifest === undefined || this.manifest.status === 'finished') return error
    const isInterruption = error instanceof AthanorError && error.code === 'INTERRUPTED'
    const code = error instanceof AthanorError ? error.code : 'INTERNAL'
    try {
      if (!isInterruption) this.tell({ type: 'failed', code, message: String(error) })
      this.manifest = { ...this.manifest, status: isInterruption ? 'interrupted' : 'failed' }
      await this.writeManifest()
    } catch {
      // The disk may be full: what was saved before is still there.
    }
    return isInterruption && !(error instanceof RunError)
      ? runError('INTERRUPTED', this.interruption, { path: shownPath(this.folder as string) })
      : error
  }

  /** An estimator on its own keeps nothing of a fit. */
  private get interruption(): 'interrupted' | 'interruptedFit' {
    const { board, settings } = this.manifest as Manifest
    const { model = 'neural' } = settings
    return board !== undefined || model === 'neural' || model === 'auto'
      ? 'interrupted'
      : 'interruptedFit'
  }

  async close(): Promise<void> {
    this.log?.close()
    await this.prepared?.store.close()
  }

  private async writeManifest(): Promise<void> {
    const path = runPath(this.folder as string, 'manifest')
    await writeDurably(path, `${JSON.stringify(this.manifest, null, 2)}\n`)
  }
}
