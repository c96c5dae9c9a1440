// What is said where no column is named to predict.

import type { DataSource } from './read-data.js'
import { type RunError, runError } from './run-error.js'

const textNames = /\.(txt|text|md)(\.gz)?$/i

/**
 * The error for data without `--target`.
 *
 * @throws AthanorError FILE where the data are not there: that comes first.
 */
export async function targetMissing(data: DataSource | undefined): Promise<RunError> {
  if (typeof data === 'string') {
    await checkThere(data)
    if (textNames.test(data)) return runError('ARGUMENT', 'targetMissingInText', { source: data })
  }
  return runError('ARGUMENT', 'targetMissing')
}

/** Errors: FILE for a path, or a pattern of paths, that leads to no file. */
export async function checkThere(data: string): Promise<void> {
  const { expandFiles } = await import('../data/node/files.js')
  await expandFiles(data)
}
