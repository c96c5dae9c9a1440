// A run while it happens, whatever it learns from: its folder, its log, its manifest, and what is left
// behind when it fails.

import { AthanorError } from '../base/errors.js'
import { type EpochsDone, prepareCheckpoint } from './checkpoints.js'
import { EventLog, readEvents } from './event-log.js'
import type { RunEvent, RunEventBody } from './events.js'
import type { MessageKey } from './messages/messages.js'
import type { RateTest } from './rate-test.js'
import { RunError, runError } from './run-error.js'
import { createRunFolder, runPath, shownPath } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import { writeDurably } from './storage.js'
import type { AskedRate, RunPlace } from './train-options.js'

/** What the manifest of every kind of run has. */
export interface ManifestHead {
  readonly format: number
  /** Absent for tables. */
  readonly kind?: RunKind
  /** Version of the package. */
  readonly athanor: string
  readonly name: string
  readonly status: 'running' | 'interrupted' | 'failed' | 'finished'
  readonly created: string
  readonly finished?: string
  readonly settings: RunSettings
  readonly data: {
    readonly fingerprint: string
    /** Absolute paths, for `resume` and `repeat`; absent for rows given in code. */
    readonly files?: readonly string[]
  }
  /** The run that this one repeats. */
  readonly repeats?: string
  /** What the range test saw, where the learning rate was `auto`; `settings` has the rate. */
  readonly rateTest?: RateTest
}

/** Settings that every kind of run has. */
export interface RunSettings {
  readonly seed?: number
  readonly learningRate?: AskedRate
}

/** Events that come many times a second: heard, not kept. */
const passing: ReadonlySet<RunEvent['type']> = new Set([
  'progress',
  'reading',
  'listening',
  'comparing',
  'curve',
  'fit-progress',
  'rating',
])

/** Texts for an interruption: with and without something kept to go on from. */
export type Interruption = Extract<MessageKey, 'interrupted' | 'interruptedFit'>

export class RunSession<M extends ManifestHead> {
  private log: EventLog | undefined
  private path: string | undefined
  private current: M | undefined

  constructor(private readonly options: Pick<RunPlace, 'out' | 'name' | 'onProgress'>) {}

  /** Its folder, once it is open. */
  get folder(): string {
    if (this.path === undefined) throw new TypeError('the run is not open')
    return this.path
  }

  get manifest(): M {
    if (this.current === undefined) throw new TypeError('the run has no manifest yet')
    return this.current
  }

  readonly tell = (body: RunEventBody): void => {
    const kept = !passing.has(body.type)
    const event: RunEvent =
      kept && this.log !== undefined
        ? this.log.append(body)
        : { time: new Date().toISOString(), ...body }
    this.options.onProgress?.(event)
  }

  /** A folder and a log for a new run; it counts as a run once `keep` was called. */
  async open(slug: string): Promise<string> {
    const { out = 'runs' } = this.options
    const { name, path } = await createRunFolder(out, this.options.name, slug)
    this.path = path
    this.log = new EventLog(runPath(path, 'events'))
    return name
  }

  /**
   * A run that is there goes on from its newest whole checkpoint, or where it has none from its beginning;
   * what its log says of later is cut off. Returns the epochs that are done, and their losses.
   */
  async goOn(path: string, manifest: M, hasCheckpoints = true): Promise<EpochsDone> {
    const { lengthAt } = await readEvents(runPath(path, 'events'))
    const { epoch, history, warnings } = hasCheckpoints
      ? await prepareCheckpoint(path)
      : { epoch: 0, history: {}, warnings: [] }
    this.path = path
    this.log = new EventLog(runPath(path, 'events'), lengthAt(epoch))
    this.current = { ...manifest, status: 'running' }
    for (const text of warnings) this.tell({ type: 'warning', text })
    await this.keep(this.current)
    return { epoch, history }
  }

  /** The manifest as it stands from now on, in memory alone. */
  set(manifest: M): void {
    this.current = manifest
  }

  /** Writes the manifest, with what has changed. */
  async keep(manifest: M): Promise<void> {
    this.current = manifest
    const path = runPath(this.folder, 'manifest')
    await writeDurably(path, `${JSON.stringify(manifest, null, 2)}\n`)
  }

  /**
   * Leaves word of what happened, and returns what to throw; a failure to do so must not hide the
   * first one. `interruption` says what is left of a run that was stopped.
   */
  async fail(error: unknown, interruption: (manifest: M) => Interruption): Promise<unknown> {
    const { current } = this
    if (current === undefined || current.status === 'finished') return error
    const isInterruption = error instanceof AthanorError && error.code === 'INTERRUPTED'
    const code = error instanceof AthanorError ? error.code : 'INTERNAL'
    try {
      if (!isInterruption) this.tell({ type: 'failed', code, message: String(error) })
      await this.keep({ ...current, status: isInterruption ? 'interrupted' : 'failed' })
    } catch {
      // The disk may be full: what was saved before is still there.
    }
    return isInterruption && !(error instanceof RunError)
      ? runError('INTERRUPTED', interruption(current), { path: shownPath(this.folder) })
      : error
  }

  close(): void {
    this.log?.close()
  }
}
