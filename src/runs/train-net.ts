// The training of a run's net: batches of the table, early stopping, schedule, checkpoints, events.

import { AthanorError } from '../base/errors.js'
import { tableMemory } from '../data/node/table-memory.js'
import { diagnose } from '../execute/select.js'
import type { BatchSource } from '../train/batches.js'
import type { Callback } from '../train/callbacks.js'
import type { Model } from '../train/model.js'
import { checkpointPath, keepPrevious, prepareCheckpoint } from './checkpoints.js'
import type { RunEventBody } from './events.js'
import { netCallbacks } from './fit-net.js'
import { executorName } from './manifest.js'
import { buildNet, countParameters, shapeText } from './net.js'
import type { NetSettings } from './net-defaults.js'
import type { PreparedData } from './prepare-data.js'
import { runError } from './run-error.js'
import { shownPath } from './run-folder.js'
import { balancedClassWeights, StoredBatches } from './stored-batches.js'
import { balancedWeights, TableBatches } from './table-batches.js'
import { NetCore } from './table-core.js'
import type { Task } from './train-options.js'
import type { Trained, TrainedLayer } from './trained.js'

export interface TrainNetOptions {
  readonly folder: string
  readonly tell: (event: RunEventBody) => void
  readonly signal?: AbortSignal
  /** Epochs that were done before; absent for a new run. */
  readonly resumedAt?: number
}

export async function trainNet(
  data: PreparedData,
  settings: NetSettings,
  options: TrainNetOptions,
): Promise<Trained> {
  const { folder, tell, signal, resumedAt } = options
  const { split, encoder, task, preprocessor } = data
  const outputs = task === 'regression' ? 1 : encoder.classes.length
  const steps = Math.ceil(split.train.length / settings.batchSize)
  const net = buildNet(settings, preprocessor.width, outputs, task, steps)
  const parameters = countParameters(net)
  if (resumedAt === undefined)
    tell({
      type: 'model',
      model: 'neural',
      shape: shapeText(settings, preprocessor.width, outputs),
      parameters,
      batchSize: settings.batchSize,
      epochs: settings.epochs,
      learningRate: settings.learningRate,
      executor: executorName(diagnose()),
      passedOver: diagnose().passedOver,
    })
  else tell({ type: 'resumed', epoch: resumedAt })
  const { source, validation } = await sourcesOf(data, settings)
  const patience = settings.patience === 0 ? Number.MAX_SAFE_INTEGER : settings.patience
  const reporter = new EpochReporter(
    settings.epochs,
    { train: split.train.length, validation: split.validation.length },
    steps,
    tell,
    folder,
  )
  let epochs = settings.epochs
  if (resumedAt !== undefined) {
    const { history } = await prepareCheckpoint(folder)
    reporter.continue(history.valLoss ?? [])
    // It may have been stopped after the last epoch, before it was measured.
    if (resumedAt - reporter.best >= patience) epochs = resumedAt
  }
  const callbacks: Callback[] = [...netCallbacks(settings), reporter]
  try {
    const history = await net.fit(source, {
      epochs,
      batchSize: settings.batchSize,
      validationData: validation,
      seed: settings.seed,
      verbose: 0,
      callbacks,
      signal,
      resume: resumedAt !== undefined,
      checkpoint: {
        path: checkpointPath(folder),
        everyEpochs: Math.max(1, Math.min(10, Math.round(20_000 / split.train.length))),
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
      family: 'neural',
      core: new NetCore(net, preprocessor, encoder),
      parts: {
        kind: 'net',
        layers: layersOf(settings, preprocessor.width, outputs, task),
        shape: shapeText(settings, preprocessor.width, outputs),
        parameters,
      },
      history: {
        epochs: history.epochs,
        bestEpoch: reporter.best,
        trainLoss: history.history.loss ?? [],
        validationLoss: history.history.valLoss ?? [],
      },
      retrain: rows => retrainNet(data, settings, reporter.best, rows),
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

/** The same net, trained on rows of the sample alone for a fixed number of epochs. */
async function retrainNet(
  data: PreparedData,
  settings: NetSettings,
  epochs: number,
  rows: Uint32Array,
): Promise<NetCore> {
  const { encoder, preprocessor, sample, task } = data
  const outputs = task === 'regression' ? 1 : encoder.classes.length
  const batchSize = Math.min(settings.batchSize, rows.length)
  const steps = Math.ceil(rows.length / batchSize)
  const net = buildNet({ ...settings, batchSize }, preprocessor.width, outputs, task, steps)
  const source = new TableBatches({ ...data, table: sample.table }, rows)
  await net.fit(source, { epochs, batchSize, seed: settings.seed, verbose: 0 })
  return new NetCore(net, preprocessor, encoder)
}

function layersOf(
  settings: NetSettings,
  inputs: number,
  outputs: number,
  task: Task,
): TrainedLayer[] {
  const sizes = [inputs, ...settings.hidden, outputs]
  return sizes.slice(1).map((units, i) => ({
    name:
      i < settings.hidden.length
        ? `dense · relu${settings.dropout > 0 ? ` · dropout ${settings.dropout}` : ''}`
        : task === 'regression'
          ? 'dense'
          : 'dense · softmax',
    output: String(units),
    parameters: (sizes[i] + 1) * units,
  }))
}

/** Batches of the training and the validation rows. */
async function sourcesOf(
  data: PreparedData,
  settings: NetSettings,
): Promise<Record<'source' | 'validation', BatchSource>> {
  const { encoder, keys, preprocessor, split, store, target, task } = data
  const balanced = settings.classWeight === 'balanced' && task === 'classification'
  const { table } = store
  if (table !== undefined) {
    const weights = balanced
      ? balancedWeights(encoder.encode(keys.column(target), split.train), encoder.classes.length)
      : undefined
    return {
      source: new TableBatches({ ...data, table }, split.train, weights),
      validation: new TableBatches({ ...data, table }, split.validation),
    }
  }
  const weights = balanced ? balancedClassWeights(encoder.classCounts) : undefined
  const validation = new StoredBatches(data, split.validation.slice().sort())
  const fits = validation.rows * preprocessor.width * 4 <= tableMemory() / 4
  return {
    source: new StoredBatches(data, split.train, weights),
    validation: fits ? await validation.inMemory() : validation,
  }
}

/** Tells each epoch, knows the best one, keeps the checkpoint before. */
class EpochReporter implements Callback {
  readonly name = 'epochReporter'
  /** Epochs done. */
  epoch = 0
  /** 1-based. */
  best = 1
  private bestLoss = Number.POSITIVE_INFINITY
  private readonly began = performance.now()
  private doneHere = 0
  private firstDone = 0
  /** Steps of the first epoch here, from the end of the first, which compiles the program. */
  private readonly steps = { done: -1, began: 0, ended: 0 }

  constructor(
    private readonly epochs: number,
    private readonly rows: { readonly train: number; readonly validation: number },
    private readonly stepsPerEpoch: number,
    private readonly tell: (event: RunEventBody) => void,
    private readonly folder: string,
  ) {}

  continue(losses: readonly number[]): void {
    for (const [i, loss] of losses.entries()) this.note(i + 1, loss)
  }

  private note(epoch: number, loss: number): boolean {
    this.epoch = epoch
    if (!(loss < this.bestLoss)) return false
    this.bestLoss = loss
    this.best = epoch
    return true
  }

  onEpochBegin(): void {
    keepPrevious(this.folder)
  }

  onBatchEnd(): void {
    if (this.doneHere > 0) return
    const { steps } = this
    steps.ended = performance.now()
    if (++steps.done === 0) steps.began = steps.ended
  }

  /** Milliseconds that an epoch takes; undefined while nothing but compiling was seen. */
  private epochTime(now: number): number | undefined {
    const others = this.doneHere - 1
    if (others > 0) return (now - this.firstDone) / others
    const { done, began, ended } = this.steps
    if (done < 1) return undefined
    const training = ((ended - began) / done) * this.stepsPerEpoch
    // The first validation compiles too; a row of it costs less than one of training.
    const { train, validation } = this.rows
    return training + Math.min(now - ended, (training * validation) / train)
  }

  onEpochEnd(epoch: number, logs: Readonly<Record<string, number>>, model: Model): void {
    this.doneHere++
    const best = this.note(epoch + 1, logs.valLoss ?? logs.loss)
    const now = performance.now()
    const each = this.epochTime(now)
    if (this.doneHere === 1) this.firstDone = now
    this.tell({
      type: 'epoch',
      epoch: epoch + 1,
      epochs: this.epochs,
      loss: logs.loss,
      validationLoss: logs.valLoss,
      learningRate: model.optimizer.learningRate,
      rowsPerSecond: (1000 * this.rows.train) / (each ?? now - this.began),
      ...(each === undefined ? {} : { secondsLeft: (each / 1000) * (this.epochs - epoch - 1) }),
      best,
    })
  }
}
