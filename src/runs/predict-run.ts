// A run's model on other rows or pictures, its predictions written as they come: what `athanor predict` does.

import type { DataFinding } from '../data/finding.js'
import { openModel } from './open-model.js'
import { PictureModel } from './pictures/picture-model.js'
import { openForPictureModel, predictPicturesToFile } from './pictures/use-pictures.js'
import { runError } from './run-error.js'
import { shownPath } from './run-folder.js'
import { TableModel } from './table-model.js'
import { openForModel, predictToFile } from './use-model.js'

export interface PredictOptions {
  /** CSV file; without it the text goes to `onText`. */
  readonly out?: string
  readonly query?: string
  readonly encoding?: string
  readonly signal?: AbortSignal
  readonly onText: (text: string) => void
  readonly onFinding: (finding: DataFinding) => void
}

/** Errors: those of `openModel` and of the reader of the data; FORMAT for models that predict no rows; INTERRUPTED. */
export async function predictRun(
  run: string,
  data: readonly string[],
  { out, query, encoding, signal, onText, onFinding }: PredictOptions,
): Promise<{ readonly path: string; readonly rows: number }> {
  const { model, path } = await openModel(run)
  if (model instanceof PictureModel) {
    const pictures = await openForPictureModel(model, data, path, {
      isMeasured: false,
      signal,
    })
    for (const finding of pictures.findings)
      if (finding.code === 'broken-pictures') onFinding(finding)
    return { path, rows: await predictPicturesToFile(model, pictures, out, onText, signal) }
  }
  if (!(model instanceof TableModel))
    throw runError('FORMAT', 'predictsNoRows', { run: shownPath(path) })
  if (data.length > 1) throw runError('ARGUMENT', 'tooManyArguments', { value: data[1] })
  const dataset = await openForModel(model, data[0], { query, encoding, signal })
  try {
    return { path, rows: await predictToFile(model, dataset, out, onText, signal) }
  } finally {
    await dataset.close()
  }
}
