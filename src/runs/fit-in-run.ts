// The training of a net within a run, whatever it learns from: epochs with checkpoints, events, early
// stopping, and going on where an earlier process stopped.

import { AthanorError } from '../base/errors.js'
import { diagnose } from '../execute/select.js'
import type { BatchSource } from '../train/batches.js'
import { type Callback, earlyStopping } from '../train/callbacks.js'
import type { Model } from '../train/model.js'
import { checkpointPath, type EpochsDone } from './checkpoints.js'
import { EpochReporter } from './epoch-reporter.js'
import type { RunEventBody } from './events.js'
import { executorName } from './manifest.js'
import { countParameters } from './net.js'
import { runError } from './run-error.js'
import { shownPath } from './run-folder.js'
import type { TrainingHistory } from './trained.js'

export interface FitInRunOptions {
  readonly folder: string
  readonly tell: (event: RunEventBody) => void
  readonly signal?: AbortSignal
  /** Epochs that were done before; absent for a new run. */
  readonly resumed?: EpochsDone
}

export interface EpochSettings {
  readonly epochs: number
  readonly batchSize: number
  /** Epochs without improvement before training stops; 0: never. */
  readonly patience: number
  readonly learningRate: number
  readonly seed: number
}

export interface FittedPart extends FitInRunOptions {
  /** What the net is called, and its sizes as `144 → 64 → 3`. */
  readonly model: Extract<RunEventBody, { type: 'model' }>['model']
  readonly shape: string
  readonly validation: BatchSource
  /** Of each part: rows, pictures, texts, recordings. */
  readonly rows: { readonly train: number; readonly validation: number }
  readonly settings: EpochSettings
  /** Beside early stopping: a schedule that watches the loss. */
  readonly callbacks?: readonly Callback[]
}

/**
 * Errors: INTERRUPTED after `signal`, with a checkpoint to go on from; NOT_FINITE with the epoch and a
 * smaller learning rate to try.
 */
export async function fitInRun(
  net: Model,
  source: BatchSource,
  part: FittedPart,
): Promise<TrainingHistory> {
  const { folder, tell, signal, resumed, validation, rows, settings, callbacks = [] } = part
  if (resumed === undefined) tellNet(net, part)
  else tell({ type: 'resumed', epoch: resumed.epoch })
  const steps = Math.ceil(rows.train / settings.batchSize)
  const patience = settings.patience === 0 ? Number.MAX_SAFE_INTEGER : settings.patience
  const reporter = new EpochReporter(settings.epochs, rows, steps, tell, folder)
  let { epochs } = settings
  if (resumed !== undefined) {
    reporter.continue(resumed.history.valLoss ?? [])
    // It may have been stopped after the last epoch, before it was measured.
    if (resumed.epoch - reporter.best >= patience) epochs = resumed.epoch
  }
  try {
    const history = await net.fit(source, {
      epochs,
      batchSize: settings.batchSize,
      validationData: validation,
      seed: settings.seed,
      verbose: 0,
      callbacks: [...callbacks, earlyStopping({ patience }), reporter],
      signal,
      resume: resumed !== undefined,
      checkpoint: {
        path: checkpointPath(folder),
        everyEpochs: Math.max(1, Math.min(10, Math.round(20_000 / rows.train))),
        everySeconds: 10,
      },
      onProgress: progress => {
        if (progress.rows === 0) return
        tell({
          type: 'progress',
          epoch: progress.epoch + 1,
          epochs: progress.epochs,
          batch: Math.ceil(progress.rows / settings.batchSize),
          batches: steps,
          rowsPerSecond: progress.rowsPerSecond,
          ...(progress.rowsPerSecond > 0 ? { secondsLeft: progress.eta } : {}),
        })
      },
    })
    if (history.stopped === 'interrupted') {
      tell({ type: 'interrupted', epoch: history.epochs })
      throw runError('INTERRUPTED', 'interrupted', { path: shownPath(folder) })
    }
    if (history.stopped === 'callback')
      tell({ type: 'stopped-early', best: reporter.best, patience: settings.patience })
    return {
      epochs: history.epochs,
      bestEpoch: reporter.best,
      trainLoss: history.history.loss ?? [],
      validationLoss: history.history.valLoss ?? [],
    }
  } catch (error) {
    if (error instanceof AthanorError && error.code === 'NOT_FINITE')
      throw runError('NOT_FINITE', 'diverged', {
        epoch: reporter.epoch + 1,
        detail: error.message,
        suggestion: String(Number((settings.learningRate / 10).toPrecision(2))),
      })
    throw error
  }
}

function tellNet(net: Model, { tell, model, shape, settings }: FittedPart): void {
  const diagnosis = diagnose()
  tell({
    type: 'model',
    model,
    shape,
    parameters: countParameters(net),
    batchSize: settings.batchSize,
    epochs: settings.epochs,
    learningRate: settings.learningRate,
    executor: executorName(diagnosis),
    passedOver: diagnosis.passedOver,
  })
}
