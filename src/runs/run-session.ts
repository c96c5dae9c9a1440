// A run while it happens, whatever it learns from: its folder, its log, its manifest, and what is left
// behind when it fails.

import { AthanorError } from '../base/errors.js'
import { prepareCheckpoint } from './checkpoints.js'
import { EventLog, readEvents } from './event-log.js'
import type { RunEvent, RunEventBody } from './events.js'
import type { MessageKey } from './messages/messages.js'
import { RunError, runError } from './run-error.js'
import { createRunFolder, runPath, shownPath } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import { writeDurably } from './storage.js'

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
}

export interface SessionOptions {
  /** Folder for runs; `runs` by default. */
  readonly out?: string
  readonly name?: string
  readonly onProgress?: (event: RunEvent) => void
}

/** Events that come many times a second: heard, not kept. */
const passing: ReadonlySet<RunEvent['type']> = new Set([
  'progress',
  'reading',
  'listening',
  'comparing',
  'curve',
  'fit-progress',
])

/** Texts for an interruption: with and without something kept to go on from. */
type Interruption = Extract<MessageKey, 'interrupted' | 'interruptedFit'>

export class RunSession<M extends ManifestHead> {
  private log: EventLog | undefined
  private path: string | undefined
  private current: M | undefined

  constructor(private readonly options: SessionOptions) {}

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
   * what its log says of later is cut off. Returns the epochs that are done.
   */
  async goOn(path: string, manifest: M, hasCheckpoints = true): Promise<number> {
    const { lengthAt } = await readEvents(runPath(path, 'events'))
    const { epoch, warnings } = hasCheckpoints
      ? await prepareCheckpoint(path)
      : { epoch: 0, warnings: [] }
    this.path = path
    this.log = new EventLog(runPath(path, 'events'), lengthAt(epoch))
    this.current = { ...manifest, status: 'running' }
    for (const text of warnings) this.tell({ type: 'warning', text })
    await this.keep(this.current)
    return epoch
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
