// Callbacks: what happens between steps and epochs.

import type { TypedArray } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import type { Json } from '../modelfile/index.js'
import type { Model } from './model.js'

/** Metric values of an epoch or a batch: `loss`, `valLoss`, `accuracy`, … */
export type Logs = Record<string, number>

/** What a callback needs to continue as if nothing had happened. */
export interface CallbackState {
  readonly values: Json
  readonly weights?: Readonly<Record<string, TypedArray>>
}

/** Methods are called in the order of the list; a promise is awaited. `epoch` and `batch` count from 0. */
export interface Callback {
  /** Identifies the state in a checkpoint. Default: its place in the list. */
  readonly name?: string
  onTrainBegin?(model: Model): void | Promise<void>
  onEpochBegin?(epoch: number, model: Model): void | Promise<void>
  onBatchEnd?(batch: number, logs: Logs, model: Model): void | Promise<void>
  onEpochEnd?(epoch: number, logs: Logs, model: Model): void | Promise<void>
  onTrainEnd?(logs: Logs, model: Model): void | Promise<void>
  state?(): CallbackState
  restore?(state: CallbackState): void
}

/** A plain function is called at the end of each epoch. */
export type CallbackLike =
  | Callback
  | ((epoch: number, logs: Logs, model: Model) => void | Promise<void>)

export function asCallback(callback: CallbackLike): Callback {
  return typeof callback === 'function' ? { onEpochEnd: callback } : callback
}

export interface MonitorOptions {
  /** Metric to watch. Default: `valLoss`, or `loss` without validation data. */
  readonly monitor?: string
  /** Whether smaller or larger is better. Default: `max` for accuracies, AUC, F1, R² and the like, else `min`. */
  readonly mode?: 'min' | 'max'
  /** Changes below this count as none. Default: 0. */
  readonly minDelta?: number
}

const largerIsBetter = /acc|auc|f1|precision|recall|r2/i

class Monitor {
  best = Number.NaN
  private readonly given: MonitorOptions

  constructor(options: MonitorOptions) {
    this.given = options
  }

  private name(logs: Logs): string {
    const name = this.given.monitor ?? (logs.valLoss === undefined ? 'loss' : 'valLoss')
    if (!(name in logs))
      throw argumentError('callback', `a metric to monitor (${Object.keys(logs).join(', ')})`, name)
    return name
  }

  /** Whether the epoch is the best so far; then it is the one to beat. */
  improved(logs: Logs): boolean {
    const name = this.name(logs)
    const value = logs[name]
    const sign = (this.given.mode ?? (largerIsBetter.test(name) ? 'max' : 'min')) === 'max' ? 1 : -1
    const better = Number.isNaN(this.best)
      ? !Number.isNaN(value)
      : sign * (value - this.best) > (this.given.minDelta ?? 0)
    if (better) this.best = value
    return better
  }
}

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement before training stops. Default: 0, as in Keras. */
  readonly patience?: number
  /** Put the best epoch's weights back at the end. Default: true (Keras: false). */
  readonly restoreBestWeights?: boolean
  /** Epochs at the start that are not watched. Default: 0. */
  readonly startFromEpoch?: number
}

/** Stops when a metric no longer improves, and by default restores the best weights. */
export class EarlyStopping implements Callback {
  readonly name = 'earlyStopping'
  private readonly monitor: Monitor
  private waited = 0
  private weights: Record<string, TypedArray> | null = null
  /** The epoch (from 0) with the best value; −1 before the first. */
  bestEpoch = -1
  /** The epoch after which training was stopped; −1 if it was not. */
  stoppedEpoch = -1

  constructor(private readonly options: EarlyStoppingOptions = {}) {
    this.monitor = new Monitor(options)
  }

  get best(): number {
    return this.monitor.best
  }

  onTrainBegin(): void {
    this.stoppedEpoch = -1
  }

  onEpochEnd(epoch: number, logs: Logs, model: Model): void {
    if (epoch < (this.options.startFromEpoch ?? 0)) return
    if (this.monitor.improved(logs)) {
      this.waited = 0
      this.bestEpoch = epoch
      if (this.options.restoreBestWeights ?? true) this.weights = model.snapshot()
      return
    }
    this.waited++
    if (this.waited >= Math.max(1, this.options.patience ?? 0)) {
      this.stoppedEpoch = epoch
      model.stopTraining = true
    }
  }

  onTrainEnd(_: Logs, model: Model): void {
    if (this.weights !== null) model.restoreSnapshot(this.weights)
  }

  state(): CallbackState {
    return {
      values: { best: exact(this.monitor.best), waited: this.waited, bestEpoch: this.bestEpoch },
      ...(this.weights === null ? {} : { weights: this.weights }),
    }
  }

  restore({ values, weights }: CallbackState): void {
    const saved = values as { best: string; waited: number; bestEpoch: number }
    this.monitor.best = Number(saved.best)
    this.waited = saved.waited
    this.bestEpoch = saved.bestEpoch
    this.weights = weights === undefined ? null : { ...weights }
  }
}

export interface ModelCheckpointOptions extends MonitorOptions {
  /** Save only when the metric improved. Default: true. */
  readonly saveBestOnly?: boolean
}

/** Saves the model at the end of epochs. */
export class ModelCheckpoint implements Callback {
  readonly name = 'modelCheckpoint'
  private readonly monitor: Monitor

  constructor(
    private readonly path: string,
    private readonly options: ModelCheckpointOptions = {},
  ) {
    this.monitor = new Monitor(options)
  }

  async onEpochEnd(_: number, logs: Logs, model: Model): Promise<void> {
    const improved = this.monitor.improved(logs)
    if (improved || this.options.saveBestOnly === false) await model.save(this.path)
  }

  state(): CallbackState {
    return { values: { best: exact(this.monitor.best) } }
  }

  restore({ values }: CallbackState): void {
    this.monitor.best = Number((values as { best: string }).best)
  }
}

/** Sets the learning rate at the start of each epoch: `(epoch, rate) => rate`. */
export class LearningRateScheduler implements Callback {
  readonly name = 'learningRateScheduler'

  constructor(private readonly schedule: (epoch: number, learningRate: number) => number) {}

  onEpochBegin(epoch: number, model: Model): void {
    model.optimizer.learningRate = this.schedule(epoch, model.optimizer.learningRate)
  }
}

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** New rate = old rate · factor. Default: 0.1. */
  readonly factor?: number
  /** Epochs without improvement before the rate drops. Default: 10. */
  readonly patience?: number
  /** Epochs to wait after a drop. Default: 0. */
  readonly cooldown?: number
  /** Default: 0. */
  readonly minLearningRate?: number
}

/** Lowers the learning rate when a metric has stopped improving. */
export class ReduceOnPlateau implements Callback {
  readonly name = 'reduceOnPlateau'
  private readonly monitor: Monitor
  private waited = 0
  private cooling = 0

  constructor(private readonly options: ReduceOnPlateauOptions = {}) {
    const factor = options.factor ?? 0.1
    if (!(factor > 0 && factor < 1))
      throw argumentError('reduceOnPlateau', 'a factor between 0 and 1', String(factor))
    this.monitor = new Monitor({ minDelta: 1e-4, ...options })
  }

  onEpochEnd(_: number, logs: Logs, model: Model): void {
    const { factor = 0.1, patience = 10, cooldown = 0, minLearningRate = 0 } = this.options
    if (this.cooling > 0) {
      this.cooling--
      this.waited = 0
    }
    if (this.monitor.improved(logs)) {
      this.waited = 0
      return
    }
    if (this.cooling > 0) return
    this.waited++
    if (this.waited < patience) return
    model.optimizer.learningRate = Math.max(model.optimizer.learningRate * factor, minLearningRate)
    this.cooling = cooldown
    this.waited = 0
  }

  state(): CallbackState {
    return {
      values: { best: exact(this.monitor.best), waited: this.waited, cooling: this.cooling },
    }
  }

  restore({ values }: CallbackState): void {
    const saved = values as { best: string; waited: number; cooling: number }
    this.monitor.best = Number(saved.best)
    this.waited = saved.waited
    this.cooling = saved.cooling
  }
}

/** JSON knows neither NaN nor infinity. */
function exact(value: number): string {
  return String(value)
}

/** Stops training when `monitor` has not improved for `patience` epochs. */
export const earlyStopping = (options?: EarlyStoppingOptions) => new EarlyStopping(options)
/** Saves the model whenever `monitor` improves. */
export const modelCheckpoint = (path: string, options?: ModelCheckpointOptions) =>
  new ModelCheckpoint(path, options)
/** Sets the learning rate by epoch. */
export const learningRateScheduler = (schedule: (epoch: number, learningRate: number) => number) =>
  new LearningRateScheduler(schedule)
/** Lowers the learning rate on a plateau. */
export const reduceOnPlateau = (options?: ReduceOnPlateauOptions) => new ReduceOnPlateau(options)
