// What a run is to learn from: by the run that goes on, by options, by what lies in a folder.

import type { AnyOptions } from './any-options.js'
import { checkAnyOptions } from './kind-options.js'
import { holdsPictures, isFolder } from './pictures/holds-pictures.js'
import { isPictureModel } from './pictures/picture-settings.js'
import type { DataSource } from './read-data.js'
import { findRun, readManifest } from './run-folder.js'
import type { RunKind } from './run-kinds.js'
import { checkThere } from './target-missing.js'
import { languageTask } from './text/language-options.js'
import type { TrainOptions } from './train-options.js'

/**
 * Errors: ARGUMENT for options that no kind of run takes; FILE for data that are not there; FILE, FORMAT for a
 * run that is not there or damaged.
 */
export async function findRunKind(
  data: DataSource | undefined,
  options: AnyOptions,
): Promise<RunKind> {
  checkAnyOptions(options)
  const earlier = options.resume ?? options.repeat
  if (earlier !== undefined)
    return (await readManifest(await findRun(earlier, options.out))).kind ?? 'table'
  const has = (name: string) => (options as Readonly<Record<string, unknown>>)[name] !== undefined
  const { task, model, target } = options as TrainOptions
  if ((task as string | undefined) === languageTask) return 'languageModel'
  if (has('text')) return 'text'
  if (has('audio') || has('transcript')) return 'speech'
  if (has('picture')) return 'pictures'
  if (typeof data !== 'string') return 'table'
  if (await holdsPictures(data)) return 'pictures'
  // A folder is no table: the reader of pictures says what is missing in it.
  const isAsked = target === undefined || (model !== undefined && isPictureModel(model))
  if (isAsked && (await isFolder(data))) return 'pictures'
  await checkThere(data)
  return 'table'
}
