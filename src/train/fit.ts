// The training loop: epochs of compiled steps, validation, callbacks, checkpoints.

import { nowMs, yieldToEvents } from '#platform'
import { AthanorError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { numberIn, someText, wholeNumber } from '../base/value-kinds.js'
import { withFreshStates } from '../nn/carried.js'
import { inMode } from '../nn/mode.js'
import { BatchesAhead } from './batches-ahead.js'
import type { Callback, Logs } from './callbacks.js'
import { loadCheckpoint, type Progress, saveCheckpoint, type Totals } from './checkpoint.js'
import type { History } from './history.js'
import type { Model } from './model.js'
import { checkedStep } from './not-finite.js'
import type { BatchResult, Training } from './training.js'

/** Where and how often the state of training is saved. */
export interface CheckpointOptions {
  /** One file; it is replaced only when the new one is safe on the disk. */
  readonly path: string
  /** Epochs between checkpoints. Default: 1. */
  readonly everyEpochs?: number
  /** Also within an epoch, when this many seconds have passed. Default: 30. */
  readonly everySeconds?: number
}

export const checkpointOptions = new OptionTable<CheckpointOptions>({
  path: required(someText),
  everyEpochs: wholeNumber({ min: 1 }),
  everySeconds: numberIn({ min: 0 }),
})

export interface LoopOptions {
  readonly epochs: number
  readonly initialEpoch: number
  readonly batchSize: number
  readonly shuffle: boolean
  readonly seed: number
  readonly validation: Training | null
  readonly callbacks: readonly Callback[]
  readonly checkpoint: CheckpointOptions | null
  readonly resume: boolean
  readonly signal: AbortSignal | null
  /** Called at most every 100 ms with where training stands. */
  readonly onProgress: ((progress: TrainProgress) => void) | null
}

/** Where training stands, for progress bars. */
export interface TrainProgress {
  /** From 0. */
  readonly epoch: number
  readonly epochs: number
  /** Rows of this epoch that are done. */
  readonly rows: number
  readonly totalRows: number
  readonly loss: number
  readonly rowsPerSecond: number
  /** Seconds until all epochs are done at the present speed. */
  readonly eta: number
}

/** Milliseconds after which the event loop gets a turn: Ctrl-C, timers, progress. */
const turn = 50

export async function trainingLoop(
  model: Model,
  training: Training,
  options: LoopOptions,
): Promise<History> {
  const { callbacks, checkpoint, signal } = options
  const fresh: Progress = {
    epoch: options.initialEpoch,
    batch: 0,
    totals: newTotals(model),
    history: {},
    seed: options.seed,
    rows: training.rows,
    batchSize: options.batchSize,
    metrics: model.metricNames,
  }
  const progress =
    (options.resume && checkpoint !== null
      ? loadCheckpoint(checkpoint.path, model, callbacks)
      : null) ?? fresh
  checkSame(progress, fresh)
  model.stopTraining = false
  let logs: Logs = {}
  let interrupted = false
  const pace = new Pace(options, training.rows)
  for (const callback of callbacks) await callback.onTrainBegin?.(model)
  let lastSave = nowMs()
  let first = true
  const save = () => {
    if (checkpoint === null) return
    saveCheckpoint(checkpoint.path, model, callbacks, progress)
    lastSave = nowMs()
  }

  while (progress.epoch < options.epochs && !model.stopTraining && !interrupted) {
    const { epoch } = progress
    if (progress.batch === 0) {
      model.module.resetStates()
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, model)
    }
    if (!model.module.training) model.module.train()
    const order = {
      epoch,
      batchSize: options.batchSize,
      shuffle: options.shuffle,
      seed: progress.seed,
      from: progress.batch,
    }
    let lastTurn = nowMs()
    const ahead = new BatchesAhead(training.batches(order))
    try {
      for (let batch = await ahead.first(); batch !== undefined; batch = await ahead.next()) {
        const result = await ahead.during(checkedStep(model, training, batch, progress))
        addBatch(progress.totals, result, batch.rows)
        progress.batch++
        if (first) {
          pace.report(progress, model)
          first = false
        }
        if (callbacks.length > 0) {
          const batchLogs = logsOf(model, progress.totals)
          for (const callback of callbacks)
            await callback.onBatchEnd?.(progress.batch - 1, batchLogs, model)
        }
        const now = nowMs()
        if (now - lastTurn > turn) {
          pace.report(progress, model)
          await yieldToEvents()
          lastTurn = nowMs()
          if (now - lastSave > 1000 * (checkpoint?.everySeconds ?? 30)) save()
        }
        if (signal?.aborted) {
          interrupted = true
          break
        }
      }
    } finally {
      await ahead.stop()
    }
    if (interrupted && progress.totals.rows < training.rows) break
    logs = logsOf(model, progress.totals)
    if (options.validation !== null) {
      const validation = await evaluationLoop(model, options.validation, options.batchSize)
      for (const [name, value] of Object.entries(validation))
        logs[`val${name[0].toUpperCase()}${name.slice(1)}`] = value
    }
    for (const [name, value] of Object.entries(logs)) {
      progress.history[name] ??= []
      progress.history[name].push(value)
    }
    for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, model)
    progress.epoch++
    progress.batch = 0
    progress.totals = newTotals(model)
    pace.report(progress, model, true)
    if (checkpoint !== null && progress.epoch % (checkpoint.everyEpochs ?? 1) === 0) save()
    await yieldToEvents()
    if (signal?.aborted) interrupted = true
  }
  if (interrupted) save()
  for (const callback of callbacks) await callback.onTrainEnd?.(logs, model)
  return {
    history: progress.history,
    epochs: progress.epoch,
    stopped: interrupted ? 'interrupted' : model.stopTraining ? 'callback' : 'finished',
  }
}

/** A checkpoint goes on with what it was made from; within an epoch, with the same batches. */
function checkSame(saved: Progress, now: Progress): void {
  const refuse = (expected: string, received: string): never => {
    throw new AthanorError('STATE', { operation: 'resuming', expected, received })
  }
  if (now.rows === 0) refuse('rows to train on', 'none')
  if (saved.rows !== now.rows)
    refuse(`the same training data (${saved.rows} rows)`, `${now.rows} rows`)
  if (saved.batch === 0) {
    saved.totals = now.totals
    saved.batchSize = now.batchSize
    saved.metrics = now.metrics
    return
  }
  if (saved.batchSize !== undefined && saved.batchSize !== now.batchSize)
    refuse(
      `the batchSize of the epoch that was interrupted, ${saved.batchSize}`,
      String(now.batchSize),
    )
  if (saved.metrics !== undefined && saved.metrics.join() !== now.metrics?.join())
    refuse(
      `the metrics of the epoch that was interrupted (${saved.metrics.join(', ') || 'none'})`,
      now.metrics?.join(', ') || 'none',
    )
}

/** Loss and metrics over a source, in inference; carried states begin at zero and stay as they were. */
export async function evaluationLoop(
  model: Model,
  data: Training,
  batchSize: number,
): Promise<Logs> {
  const totals = newTotals(model)
  const order = { epoch: 0, batchSize, shuffle: false, seed: 0, from: 0 }
  const ahead = new BatchesAhead(data.batches(order))
  const pass = async () => {
    let lastTurn = nowMs()
    for (let next = await ahead.first(); next !== undefined; next = await ahead.next()) {
      const batch = next
      const result = await ahead.during(data.evaluate(batch))
      addBatch(totals, result, batch.rows)
      if (nowMs() - lastTurn > turn) {
        await yieldToEvents()
        lastTurn = nowMs()
      }
    }
  }
  const { module } = model
  try {
    await inMode(module, false, () => withFreshStates(module, pass))
  } finally {
    await ahead.stop()
  }
  return logsOf(model, totals)
}

function newTotals(model: Model): Totals {
  return { loss: 0, rows: 0, metrics: model.metricNames.map(() => [0, 0]) }
}

function addBatch(totals: Totals, result: BatchResult, rows: number): void {
  totals.loss += result.loss * rows
  totals.rows += rows
  result.metrics.forEach(([total, count], i) => {
    totals.metrics[i][0] += total
    totals.metrics[i][1] += count
  })
}

function logsOf(model: Model, totals: Totals): Logs {
  const logs: Logs = { loss: totals.loss / totals.rows }
  model.metricNames.forEach((name, i) => {
    logs[name] = model.finishMetric(i, totals.metrics[i][0] / totals.metrics[i][1])
  })
  return logs
}

/**
 * Speed and time left, from the steps of this process. The first report only starts the clock: the
 * first step compiles its program, which later ones do not.
 */
class Pace {
  private began = -1
  private rowsBefore = 0
  private lastReport = 0

  constructor(
    private readonly options: LoopOptions,
    private readonly totalRows: number,
  ) {}

  report(progress: Progress, model: Model, always = false): void {
    const { onProgress, epochs } = this.options
    const now = nowMs()
    const { totals, epoch } = progress
    const done = epoch * this.totalRows + totals.rows
    if (this.began < 0) {
      this.began = now
      this.rowsBefore = done
    }
    if (onProgress === null || (!always && now - this.lastReport < 100)) return
    this.lastReport = now
    const seconds = (now - this.began) / 1000
    const rowsPerSecond = seconds > 0 ? (done - this.rowsBefore) / seconds : 0
    onProgress({
      epoch,
      epochs,
      rows: totals.rows,
      totalRows: this.totalRows,
      loss:
        totals.rows === 0
          ? (progress.history.loss?.at(-1) ?? Number.NaN)
          : logsOf(model, totals).loss,
      rowsPerSecond,
      eta: rowsPerSecond > 0 ? (epochs * this.totalRows - done) / rowsPerSecond : 0,
    })
  }
}
