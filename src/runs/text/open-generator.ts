// The language model of a run, given by folder, by name, or as a model file.

import { existsSync } from 'node:fs'
import { loadModel } from '../load-model.js'
import { runError } from '../run-error.js'
import { findRun, readManifest, runPath, shownPath } from '../run-folder.js'
import { TextGenerator } from './text-generator.js'

/** Errors: DATA for a run without a model yet; FORMAT for a model of another kind. */
export async function openGenerator(
  run: string,
): Promise<{ readonly model: TextGenerator; readonly path: string }> {
  const isFile = run.endsWith('.athanor') && existsSync(run)
  const path = isFile ? run : await findRun(run)
  const file = isFile ? run : runPath(path, 'model')
  if (!existsSync(file)) {
    await readManifest(path)
    throw runError('DATA', 'runUnfinished', { run: shownPath(path) })
  }
  const model: unknown = await loadModel(file)
  if (model instanceof TextGenerator) return { model, path }
  throw runError('FORMAT', 'notALanguageModel', { run: shownPath(path) })
}
