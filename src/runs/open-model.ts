// The model of a run, whatever it learned: given by folder, by name below `out`, or as a model file.

import { existsSync } from 'node:fs'
import { SpeechModel } from '../applications/speech/speech-model.js'
import { loadModel } from './load-model.js'
import { PictureModel } from './pictures/picture-model.js'
import { runError } from './run-error.js'
import { findRun, readManifest, runPath, shownPath } from './run-folder.js'
import { TableModel } from './table-model.js'
import { TextGenerator } from './text/text-generator.js'

/** What a run leaves. */
export type RunModel = TableModel | PictureModel | TextGenerator | SpeechModel

export interface OpenedModel {
  readonly model: RunModel
  /** Of the run, or the file that was given. */
  readonly path: string
}

const kinds = [TableModel, PictureModel, TextGenerator, SpeechModel] as const

/** Errors: FILE for a run that is not there, DATA for one without a model yet, FORMAT for a net that no run made. */
export async function openModel(run: string, out?: string): Promise<OpenedModel> {
  const isFile = run.endsWith('.athanor') && existsSync(run)
  const path = isFile ? run : await findRun(run, out)
  const file = isFile ? run : runPath(path, 'model')
  if (!existsSync(file)) {
    await readManifest(path)
    throw runError('DATA', 'runUnfinished', { run: shownPath(path) })
  }
  const model: unknown = await loadModel(file)
  if (!kinds.some(kind => model instanceof kind)) throw runError('FORMAT', 'notOfARun')
  return { model: model as RunModel, path }
}
