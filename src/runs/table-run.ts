// A run on a table from data to report.

import type { Board } from './board/board.js'
import { leaderboard } from './board/leaderboard.js'
import { type Choice, checkModel, chooseModel } from './choose-model.js'
import { dataEvent } from './data-event.js'
import { firstManifest, settingsOf } from './first-manifest.js'
import type { Manifest } from './manifest.js'
import { chooseLanguage } from './messages/language.js'
import { modelAskedFor } from './model-asked.js'
import { type DataSource, type PreparedData, prepareData } from './prepare-data.js'
import type { NetToRate } from './rate-test.js'
import { type DataFacts, type Earlier, RunCourse, type Start } from './run-course.js'
import type { Run } from './run-results.js'
import type { Interruption } from './run-session.js'
import type { TrainOptions, TrainSettings } from './train-options.js'

/** Whether the run has a net in training, with checkpoints. */
function trainsNet({ model = 'neural' }: TrainSettings, board: Board | undefined): boolean {
  if (model !== 'auto') return model === 'neural'
  return board?.complete === true && board.entries[board.chosen].family === 'neural'
}

/** Engine, models and report are loaded while the data are being read. */
async function loadEngine() {
  const [select, findings, candidate, conclusion, net] = await Promise.all([
    import('../execute/select.js'),
    import('./findings.js'),
    import('./train-candidate.js'),
    import('./conclude.js'),
    import('./train-net.js'),
  ])
  return { ...select, ...findings, ...candidate, ...conclusion, ...net }
}

export class TableRun extends RunCourse<DataSource, PreparedData, Manifest, Run> {
  private prepared: PreparedData | undefined
  private readonly engine = loadEngine()

  constructor(private readonly asked: TrainOptions) {
    super('table', asked)
    // A failure is told where the engine is needed; bad input is told first.
    this.engine.catch(() => {})
  }

  protected settings(): TrainSettings {
    const given = settingsOf(this.asked)
    return { ...given, model: modelAskedFor(given) }
  }

  protected async prepare(
    source: DataSource,
    settings: TrainSettings,
    earlier?: Earlier<Manifest>,
  ): Promise<PreparedData> {
    const again = earlier && {
      split: earlier.split,
      onDisk: earlier.manifest.data.onDisk === true,
    }
    const { signal } = this.options
    const { onReading } = this
    const prepared = await prepareData(source, settings, { ...again, signal, onReading })
    this.prepared = prepared
    await checkModel(prepared, settings)
    return prepared
  }

  protected facts(prepared: PreparedData): DataFacts {
    const { source, fingerprint, split, splitMethod, store, target: title } = prepared
    return { source, fingerprint, title, divided: { split, splitMethod, rows: store.rows } }
  }

  protected async firstManifest(
    name: string,
    source: DataSource,
    prepared: PreparedData,
    settings: TrainSettings,
  ): Promise<Manifest> {
    const { diagnose } = await this.engine
    return firstManifest(name, source, prepared, settings, diagnose())
  }

  protected async netToRate(prepared: PreparedData, settings: TrainSettings): Promise<NetToRate> {
    return (await this.engine).netToRate(prepared, settings)
  }

  protected async work(prepared: PreparedData, start: Start<Manifest>): Promise<Run> {
    const { conclude, diagnose, findingsOf, trainCandidate } = await this.engine
    const { session } = this
    const { signal } = this.options
    const { folder: path, tell } = session
    const { target, task } = prepared
    const { candidate, board, outOfFold } = await this.choose(prepared, start)
    const fitBegan = performance.now()
    const { name, settings: asked } = session.manifest
    const { trained, settings } = await trainCandidate(prepared, candidate, asked, {
      folder: path,
      tell,
      signal,
      resumed: start.resumed,
    })
    session.set({ ...session.manifest, settings })
    const outcome = await conclude(prepared, trained, {
      folder: path,
      manifest: session.manifest,
      findings: findingsOf(prepared),
      outOfFold,
      language: chooseLanguage(this.options.lang, process.env),
      began: this.began,
      fitSeconds: (performance.now() - fitBegan) / 1000,
      tell,
    })
    session.set(outcome.manifest)
    const epochs = trained.history?.epochs ?? null
    tell({ type: 'finished', seconds: outcome.seconds, epochs })
    await session.keep(outcome.manifest)
    return {
      kind: 'table',
      name,
      path,
      task,
      target,
      model: trained.family,
      metrics: outcome.metrics,
      baseline: outcome.baseline,
      epochs,
      seconds: outcome.seconds,
      executor: diagnose().chosen,
      leaderboard: board === undefined ? [] : leaderboard(board),
      learningCurve: board?.learningCurve ?? null,
    }
  }

  protected async tellData(prepared: PreparedData): Promise<void> {
    const { findingsOf } = await this.engine
    this.session.tell(dataEvent(prepared, findingsOf(prepared)))
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
    { resumed, repeated }: Start<Manifest>,
  ): Promise<Choice> {
    const { session } = this
    const { settings, board: done } = session.manifest
    const keep = (board: Board) => session.keep({ ...session.manifest, board })
    const choice = await chooseModel(prepared, settings, {
      tell: session.tell,
      signal: this.options.signal,
      onBoard: keep,
      ...(resumed === undefined ? {} : { done }),
      repeat: repeated?.board,
    })
    if (choice.board !== undefined) await keep(choice.board)
    return choice
  }

  protected override interruption({ board, settings }: Manifest): Interruption {
    const { model = 'neural' } = settings
    // An estimator on its own keeps nothing of a fit.
    return board !== undefined || model === 'neural' || model === 'auto'
      ? 'interrupted'
      : 'interruptedFit'
  }

  protected override hasCheckpoints({ settings, board }: Manifest): boolean {
    return trainsNet(settings, board)
  }

  protected override async close(): Promise<void> {
    await this.prepared?.store.close()
  }
}
