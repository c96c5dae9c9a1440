// The checkpoints of a run: the newest, and the one before it in case the newest is damaged.

import { existsSync, linkSync, rmSync } from 'node:fs'
import { copyFile, link, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AthanorError } from '../base/errors.js'
import { decodeContainer } from '../modelfile/index.js'
import { decodeNumbers, type Progress } from '../train/checkpoint.js'
import { sayIn } from './messages/messages.js'
import { runFiles, shownPath } from './run-folder.js'
import { readBytes } from './storage.js'

/** What was done of a run that goes on. */
export interface EpochsDone {
  /** Whole epochs; 0 where nothing was kept. */
  readonly epoch: number
  readonly history: Readonly<Record<string, readonly number[]>>
}

export interface FoundCheckpoint extends EpochsDone {
  readonly warnings: readonly string[]
}

export function checkpointPath(folder: string): string {
  return join(folder, runFiles.checkpoints, 'last.athanor')
}

function previousPath(folder: string): string {
  return join(folder, runFiles.checkpoints, 'previous.athanor')
}

/** Keeps what `last` holds now under the name of the one before; cheap, as files are only linked. */
export function keepPrevious(folder: string): void {
  const last = checkpointPath(folder)
  if (!existsSync(last)) return
  const previous = previousPath(folder)
  rmSync(previous, { force: true })
  try {
    linkSync(last, previous)
  } catch {
    // A file system without links keeps one checkpoint.
  }
}

/** Finds the newest checkpoint that is whole, and makes it the last one. */
export async function prepareCheckpoint(folder: string): Promise<FoundCheckpoint> {
  const warnings: string[] = []
  const say = sayIn('en')
  for (const path of [checkpointPath(folder), previousPath(folder)]) {
    if (!existsSync(path)) continue
    try {
      const { metadata } = decodeContainer(await readBytes(path), shownPath(path))
      const progress = decodeNumbers(metadata.progress) as Progress
      if (path !== checkpointPath(folder)) {
        await rm(checkpointPath(folder), { force: true })
        await link(path, checkpointPath(folder)).catch(() => copyFile(path, checkpointPath(folder)))
      }
      return { epoch: progress.epoch, history: progress.history, warnings }
    } catch (error) {
      if (!(error instanceof AthanorError)) throw error
      warnings.push(`${error.message}. ${say('checkpointBroken', { path: shownPath(path) })}`)
      await rm(path, { force: true })
    }
  }
  warnings.push(say('noCheckpoint', { run: shownPath(folder) }))
  return { epoch: 0, history: {}, warnings }
}

/** A finished run needs no checkpoints. */
export async function removeCheckpoints(folder: string): Promise<void> {
  const inside = join(folder, runFiles.checkpoints)
  for (const name of await readdir(inside).catch(() => []))
    await rm(join(inside, name), { force: true })
}
