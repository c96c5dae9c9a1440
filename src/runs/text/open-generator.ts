// The language model of a run.

import { openModel } from '../open-model.js'
import { runError } from '../run-error.js'
import { shownPath } from '../run-folder.js'
import { TextGenerator } from './text-generator.js'

/** Errors: those of `openModel`; FORMAT for a model of another kind. */
export async function openGenerator(
  run: string,
): Promise<{ readonly model: TextGenerator; readonly path: string }> {
  const { model, path } = await openModel(run)
  if (model instanceof TextGenerator) return { model, path }
  throw runError('FORMAT', 'notALanguageModel', { run: shownPath(path) })
}
