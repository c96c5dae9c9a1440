// The course of a run, whatever it learns from: it begins, goes on or repeats; what a kind of run does itself is asked
// of it in this order.

import type { Split } from '../data/split.js'
import type { EpochsDone } from './checkpoints.js'
import { earlierRun, requireSameData } from './earlier-run.js'
import { checkRunOptions } from './kind-options.js'
import type { NetToRate, SuggestedLearningRate } from './rate-test.js'
import { runError } from './run-error.js'
import { runPath } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import { type Interruption, type ManifestHead, RunSession } from './run-session.js'
import { readSplit, writeSplit } from './split-file.js'
import type { RunPlace } from './train-options.js'

/** What data a run has prepared. */
export interface DataFacts {
  /** What to call them in messages. */
  readonly source: string
  readonly fingerprint: string
  /** Names the folder of a run that has no name. */
  readonly title: string
  /** Rows of each part; absent where the parts follow each other in the data. */
  readonly divided?: {
    readonly split: Split
    readonly splitMethod: string
    readonly rows: number
  }
}

/** The run that goes on, or that is repeated. */
export interface Earlier<M> {
  readonly manifest: M
  readonly split?: Split
}

/** How a run begins its work. */
export interface Start<M> {
  /** Absent for a new run. */
  readonly resumed?: EpochsDone
  /** The manifest of the run that is repeated. */
  readonly repeated?: M
}

export abstract class RunCourse<Source, Prepared, M extends ManifestHead, Result> {
  protected readonly session: RunSession<M>
  /** By `performance.now()`. */
  protected readonly began = performance.now()

  constructor(
    protected readonly kind: RunKind,
    protected readonly options: RunPlace,
  ) {
    this.session = new RunSession(options)
  }

  /** Errors: ARGUMENT for options that do not go together, found before data are read. */
  protected abstract settings(): M['settings']

  /** `earlier` has the parts that data are to be divided into again. */
  protected abstract prepare(
    source: Source,
    settings: M['settings'],
    earlier?: Earlier<M>,
  ): Promise<Prepared>

  protected abstract facts(prepared: Prepared, settings: M['settings']): DataFacts

  protected abstract firstManifest(
    name: string,
    source: Source,
    prepared: Prepared,
    settings: M['settings'],
  ): M | Promise<M>

  protected abstract tellData(prepared: Prepared): void | Promise<void>

  /** The net that is about to be trained; what is tested is thrown away. */
  protected abstract netToRate(
    prepared: Prepared,
    settings: M['settings'],
  ): NetToRate | Promise<NetToRate>

  /** Training, measuring, report. */
  protected abstract work(prepared: Prepared, start: Start<M>): Promise<Result>

  /** What is left of a run that was stopped. */
  protected interruption(_manifest: M): Interruption {
    return 'interrupted'
  }

  protected hasCheckpoints(_manifest: M): boolean {
    return true
  }

  /** What is held open beside the log. */
  protected async close(): Promise<void> {}

  async run(data: Source | undefined): Promise<Result> {
    try {
      checkRunOptions(this.kind, this.options)
      const { resume, repeat } = this.options
      if (resume !== undefined) return await this.goOn(resume, data)
      if (repeat !== undefined) return await this.repeat(repeat, data)
      const settings = this.settings()
      const source = need(data)
      const prepared = await this.prepare(source, settings)
      await this.open(source, prepared, settings)
      return await this.go(prepared, {})
    } catch (error) {
      throw await this.session.fail(error, manifest => this.interruption(manifest))
    } finally {
      this.session.close()
      await this.close()
    }
  }

  /** The range test of learning rates for the net that a run would make; nothing is written. */
  async suggest(data: Source): Promise<SuggestedLearningRate> {
    try {
      checkRunOptions(this.kind, this.options)
      const settings = this.settings()
      const prepared = await this.prepare(data, settings)
      const { testRates } = await import('./rate-test.js')
      const rated = await this.netToRate(prepared, settings)
      const { tell } = this.session
      const found = await testRates(rated, { tell, signal: this.options.signal })
      return { ...found, standard: rated.standard }
    } finally {
      await this.close()
    }
  }

  /** A rate that is to be found is found first: once, and a run that goes on or is repeated reads it. */
  private async go(prepared: Prepared, start: Start<M>): Promise<Result> {
    const { session, options } = this
    const { settings } = session.manifest
    if (settings.learningRate === 'auto') {
      const { settleRate } = await import('./settle-rate.js')
      await settleRate(session, await this.netToRate(prepared, settings), options.signal)
    }
    return this.work(prepared, start)
  }

  protected readonly onReading = (source: string, rows?: number, of?: number): void =>
    this.session.tell({
      type: 'reading',
      source,
      ...(rows === undefined ? {} : { rows }),
      ...(of === undefined ? {} : { of }),
    })

  private async goOn(run: string, data: Source | undefined): Promise<Result> {
    const { path, manifest, prepared } = await this.earlier(run, data, 'resume')
    const resumed = await this.session.goOn(path, manifest, this.hasCheckpoints(manifest))
    return this.go(prepared, { resumed })
  }

  private async repeat(run: string, data: Source | undefined): Promise<Result> {
    const { manifest, source, prepared } = await this.earlier(run, data, 'repeat')
    await this.open(source, prepared, manifest.settings, manifest)
    return this.go(prepared, { repeated: manifest })
  }

  private async earlier(run: string, data: Source | undefined, how: 'resume' | 'repeat') {
    const { path, manifest } = await earlierRun<M>(run, this.options.out, this.kind, how)
    const { files } = manifest.data
    const source = need(data ?? ((files?.length === 1 ? files[0] : files) as Source | undefined))
    // The parts of a text follow each other: no list of rows says them.
    const split =
      this.kind === 'languageModel' ? undefined : await readSplit(runPath(path, 'split'))
    const prepared = await this.prepare(source, manifest.settings, { manifest, split })
    const { fingerprint, source: name } = this.facts(prepared, manifest.settings)
    requireSameData(fingerprint, name, manifest.data.fingerprint)
    return { path, manifest, source, prepared }
  }

  /** A folder, a log and a manifest for a new run. */
  private async open(
    source: Source,
    prepared: Prepared,
    settings: M['settings'],
    repeated?: M,
  ): Promise<void> {
    const { session } = this
    const { title, divided, fingerprint } = this.facts(prepared, settings)
    const name = await session.open(title)
    const path = session.folder
    if (divided !== undefined) {
      const { split, splitMethod, rows } = divided
      const written = { split, splitMethod, fingerprint, store: { rows } }
      await writeSplit(runPath(path, 'split'), written, settings.seed ?? 0)
    }
    const manifest = await this.firstManifest(name, source, prepared, settings)
    await session.keep({
      ...manifest,
      ...(repeated === undefined ? {} : { repeats: repeated.name }),
      ...(repeated?.rateTest === undefined ? {} : { rateTest: repeated.rateTest }),
    })
    session.tell({ type: 'started', run: name, path })
    await this.tellData(prepared)
  }
}

function need<Source>(data: Source | undefined): Source {
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'train' })
  return data
}
