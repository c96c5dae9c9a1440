// Callbacks: what happens between steps and epochs.

import type { TypedArray } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { OptionTable, refuseName, refuseValue } from '../base/options.js'
import {
  aFunction,
  numberIn,
  oneOf,
  someText,
  tested,
  trueOrFalse,
  type ValueKind,
  wholeNumber,
} from '../base/value-kinds.js'
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

const hooks: Readonly<Record<`on${Capitalize<string>}` & keyof Callback, true>> = {
  onTrainBegin: true,
  onEpochBegin: true,
  onBatchEnd: true,
  onEpochEnd: true,
  onTrainEnd: true,
}

/** @throws AthanorError ARGUMENT for a method whose name is nearly one of a callback's. */
export function asCallback(callback: CallbackLike): Callback {
  if (typeof callback === 'function') return { onEpochEnd: callback }
  for (const name of Object.keys(callback))
    if (/^on[A-Z]/.test(name) && !Object.hasOwn(hooks, name))
      refuseName('callback', 'method', name, Object.keys(hooks))
  return callback
}

export const someCallback: ValueKind<CallbackLike> = tested(
  'a callback or a function',
  value => typeof value === 'function' || (typeof value === 'object' && value !== null),
  [1, 'earlyStopping', null],
)

export interface MonitorOptions {
  /** Metric to watch. Default: `valLoss`, or `loss` without validation data. */
  readonly monitor?: string
  /** Whether smaller or larger is better. Default: `max` for accuracies, AUC, F1, R² and the like, else `min`. */
  readonly mode?: 'min' | 'max'
  /** Changes below this count as none. Default: 0. */
  readonly minDelta?: number
}

const monitorOptions = new OptionTable<MonitorOptions>({
  monitor: someText,
  mode: oneOf(['min', 'max']),
  minDelta: numberIn({ min: 0 }),
})

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

  /** Forgets what an earlier training achieved. */
  reset(): void {
    this.best = Number.NaN
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

const earlyStoppingOptions = new OptionTable<EarlyStoppingOptions>({
  ...monitorOptions.rows,
  patience: wholeNumber({ min: 0 }),
  restoreBestWeights: trueOrFalse,
  startFromEpoch: wholeNumber({ min: 0 }),
})

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

  private restored = false

  constructor(private readonly options: EarlyStoppingOptions = {}) {
    earlyStoppingOptions.check('earlyStopping', options)
    this.monitor = new Monitor(options)
  }

  get best(): number {
    return this.monitor.best
  }

  onTrainBegin(): void {
    this.stoppedEpoch = -1
    if (!this.restored) {
      this.monitor.reset()
      this.waited = 0
      this.bestEpoch = -1
      this.weights = null
    }
    this.restored = false
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
    this.restored = true
    this.weights = weights === undefined ? null : { ...weights }
  }
}

export interface ModelCheckpointOptions extends MonitorOptions {
  /** Save only when the metric improved. Default: true. */
  readonly saveBestOnly?: boolean
}

const modelCheckpointOptions = new OptionTable<ModelCheckpointOptions>({
  ...monitorOptions.rows,
  saveBestOnly: trueOrFalse,
})

/** Saves the model at the end of epochs. */
export class ModelCheckpoint implements Callback {
  readonly name = 'modelCheckpoint'
  private readonly monitor: Monitor

  constructor(
    private readonly path: string,
    private readonly options: ModelCheckpointOptions = {},
  ) {
    const operation = 'modelCheckpoint'
    if (!someText.accepts(path)) refuseValue(operation, 'path', someText, path)
    modelCheckpointOptions.check(operation, options)
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

  constructor(private readonly schedule: (epoch: number, learningRate: number) => number) {
    if (typeof schedule !== 'function')
      refuseValue('learningRateScheduler', 'schedule', aFunction(), schedule)
  }

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

const reduceOnPlateauOptions = new OptionTable<ReduceOnPlateauOptions>({
  ...monitorOptions.rows,
  factor: numberIn({ above: 0, below: 1 }),
  patience: wholeNumber({ min: 0 }),
  cooldown: wholeNumber({ min: 0 }),
  minLearningRate: numberIn({ min: 0 }),
})

/** Lowers the learning rate, and those of parameter groups, when a metric has stopped improving. */
export class ReduceOnPlateau implements Callback {
  readonly name = 'reduceOnPlateau'
  private readonly monitor: Monitor
  private waited = 0
  private cooling = 0
  private restored = false

  constructor(private readonly options: ReduceOnPlateauOptions = {}) {
    reduceOnPlateauOptions.check('reduceOnPlateau', options)
    this.monitor = new Monitor({ ...options, minDelta: options.minDelta ?? 1e-4 })
  }

  onTrainBegin(): void {
    if (!this.restored) {
      this.monitor.reset()
      this.waited = 0
      this.cooling = 0
    }
    this.restored = false
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
    model.optimizer.reduceLearningRates(factor, minLearningRate)
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
    this.restored = true
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
/** Lowers the learning rate on a plateau, and those of parameter groups. */
export const reduceOnPlateau = (options?: ReduceOnPlateauOptions) => new ReduceOnPlateau(options)
