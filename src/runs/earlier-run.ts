// A run that is there, to go on with or to repeat: found, read, and refused where it is not what it should be.

import { runError } from './run-error.js'
import { findRun, readManifest, runPath, shownPath } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import type { ManifestHead } from './run-session.js'

/** Errors: ARGUMENT for a run of another kind, for a finished one to go on with, for another to repeat. */
export async function earlierRun<M extends ManifestHead>(
  run: string,
  out: string | undefined,
  kind: RunKind,
  how: 'resume' | 'repeat',
): Promise<{ readonly path: string; readonly manifest: M }> {
  const path = await findRun(run, out)
  const manifest = (await readManifest(path)) as unknown as M
  const isFinished = manifest.status === 'finished'
  if ((manifest.kind ?? 'table') !== kind)
    throw runError('ARGUMENT', 'notThisKindOfRun', { run: shownPath(path) })
  if (how === 'resume' && isFinished) {
    const report = shownPath(runPath(path, 'report'))
    throw runError('ARGUMENT', 'alreadyFinished', { run: shownPath(path), report })
  }
  if (how === 'repeat' && !isFinished)
    throw runError('ARGUMENT', 'repeatUnfinished', { run: shownPath(path) })
  return { path, manifest }
}

/** Errors: DATA where the data are no longer those that the run began with. */
export function requireSameData(fingerprint: string, source: string, was: string): void {
  if (fingerprint !== was) throw runError('DATA', 'dataChanged', { path: source })
}
