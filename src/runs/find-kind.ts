// What a run is to learn from: by the run that goes on, by options, by what lies in a folder.

import { holdsPictures, isFolder } from './pictures/holds-pictures.js'
import { isPictureModel } from './pictures/picture-settings.js'
import type { DataSource } from './read-data.js'
import { findRun, readManifest } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import type { TrainOptions } from './train-options.js'

export async function findRunKind(
  data: DataSource | undefined,
  options: TrainOptions,
): Promise<RunKind> {
  const earlier = options.resume ?? options.repeat
  if (earlier !== undefined)
    return (await readManifest(await findRun(earlier, options.out))).kind ?? 'table'
  const { task, audio, transcript, picture } = options
  if ((task as string | undefined) === 'language-model') return 'languageModel'
  if ('text' in options) return 'text'
  if (audio !== undefined || transcript !== undefined) return 'speech'
  if (picture !== undefined) return 'pictures'
  if (typeof data !== 'string') return 'table'
  if (await holdsPictures(data)) return 'pictures'
  // A folder is no table: the reader of pictures says what is missing in it.
  const { model, target } = options
  const isAsked = target === undefined || (model !== undefined && isPictureModel(model))
  return isAsked && (await isFolder(data)) ? 'pictures' : 'table'
}
