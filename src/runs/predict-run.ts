// A run's model on other rows or pictures, its predictions written as they come: what `athanor predict` does.

import type { DataFinding } from '../data/finding.js'
import { openModel } from './open-model.js'
import { PictureModel } from './pictures/picture-model.js'
import {
  openForPictureModel,
  predictedPictures,
  predictPicturesToFile,
} from './pictures/use-pictures.js'
import type { PredictedRow } from './predicted-row.js'
import { runError } from './run-error.js'
import { shownPath } from './run-folder.js'
import { TableModel } from './table-model.js'
import { openForModel, predictedTable, predictToFile } from './use-model.js'

export interface PredictOptions {
  /** CSV file; without it the predictions go to `onPredictions`, or as CSV to `onText`. */
  readonly out?: string
  readonly query?: string
  readonly encoding?: string
  readonly signal?: AbortSignal
  readonly onText: (text: string) => void
  readonly onPredictions?: (predictions: readonly PredictedRow[]) => void
  readonly onFinding: (finding: DataFinding) => void
}

/** Errors: those of `openModel` and of the reader of the data; FORMAT for models that predict no rows; INTERRUPTED. */
export async function predictRun(
  run: string,
  data: readonly string[],
  { out, query, encoding, signal, onText, onPredictions, onFinding }: PredictOptions,
): Promise<{ readonly path: string; readonly rows: number }> {
  const { model, path } = await openModel(run)
  const isTold = onPredictions !== undefined && out === undefined
  if (model instanceof PictureModel) {
    const pictures = await openForPictureModel(model, data, path, {
      isMeasured: false,
      signal,
    })
    for (const finding of pictures.findings)
      if (finding.code === 'broken-pictures') onFinding(finding)
    const rows = isTold
      ? await tell(predictedPictures(model, pictures, signal), onPredictions)
      : await predictPicturesToFile(model, pictures, out, onText, signal)
    return { path, rows }
  }
  if (!(model instanceof TableModel))
    throw runError('FORMAT', 'predictsNoRows', { run: shownPath(path) })
  if (data.length > 1) throw runError('ARGUMENT', 'tooManyArguments', { value: data[1] })
  const dataset = await openForModel(model, data[0], { query, encoding, signal })
  try {
    const rows = isTold
      ? await tell(predictedTable(model, dataset, signal), onPredictions)
      : await predictToFile(model, dataset, out, onText, signal)
    return { path, rows }
  } finally {
    await dataset.close()
  }
}

async function tell(
  parts: AsyncIterable<readonly PredictedRow[]>,
  onPredictions: (predictions: readonly PredictedRow[]) => void,
): Promise<number> {
  let rows = 0
  for await (const part of parts) {
    onPredictions(part)
    rows += part.length
  }
  return rows
}
