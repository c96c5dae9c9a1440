// What compile, fit, evaluate, predict and save take: types, and the tables that check them.

import { argumentError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import {
  abortSignal,
  aFunction,
  either,
  listOf,
  numberIn,
  tested,
  trueOrFalse,
  type ValueKind,
  wholeNumber,
} from '../base/value-kinds.js'
import type { Json } from '../modelfile/index.js'
import { nameOrFunction, someMetric } from '../nn/kinds.js'
import type { LossName, LossOptions } from '../nn/losses/index.js'
import type { MetricLike } from '../nn/metrics.js'
import type { OptimizerLike } from '../optim/index.js'
import { Optimizer } from '../optim/optimizer.js'
import type { Tensor } from '../tensor/tensor.js'
import { type AnySource, isBatchSource, type Several, type Tables } from './batches.js'
import { type CallbackLike, someCallback } from './callbacks.js'
import type { CheckpointOptions, TrainProgress } from './fit.js'

const isArrayLike = (value: unknown) =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !isArrayLike(value)

/** What `model.compile` sets. */
export interface CompileOptions {
  /** A name (`'adam'`, with Keras's defaults) or an optimizer. Default: `'adam'`. */
  readonly optimizer?: OptimizerLike
  /**
   * A name or a function (yTrue, yPred) → tensor. For a model of several outputs: one for all, a list with
   * one for each, or an object by the outputs' names.
   */
  readonly loss: LossOption | Several<LossOption>
  /** How much each output's loss counts in the sum, in the form of `loss`. Default: 1 each. */
  readonly lossWeights?: Several<number>
  /**
   * Names or functions (yTrue, yPred) → tensor, computed inside the step. For a model of several outputs:
   * a list for all of them, a list of lists, or an object by the outputs' names. Default: none.
   */
  readonly metrics?: MetricsOption
}

/** A loss by name or as a function. */
export type LossOption =
  | LossName
  | ((yTrue: Tensor, yPred: Tensor, options?: LossOptions) => Tensor)

/** Metrics of one output or of several. */
export type MetricsOption =
  | readonly (MetricLike | readonly MetricLike[])[]
  | Readonly<Record<string, MetricLike | readonly MetricLike[]>>

const someLoss = nameOrFunction<LossOption>('a loss')

/** One of a kind for each output: a list, or an object by name. */
function perOutput<T>(item: ValueKind<T>): ValueKind<Several<T>> {
  return tested(
    `for several outputs a list or an object of which each is ${item.expected}`,
    value =>
      (Array.isArray(value) || isObject(value)) &&
      Object.values(value as object).length > 0 &&
      Object.values(value as object).every(one => item.accepts(one)),
    [0, [], {}, [null]],
  )
}

export const compileOptions = new OptionTable<CompileOptions>({
  optimizer: tested(
    'the name of an optimizer or one of optim.*',
    value => typeof value === 'string' || value instanceof Optimizer,
    [1, null, {}],
  ),
  loss: required(either(someLoss, perOutput(someLoss))),
  lossWeights: perOutput(numberIn({ min: 0 })),
  metrics: either(
    listOf(either(someMetric, listOf(someMetric))),
    perOutput(either(someMetric, listOf(someMetric))),
  ),
})

/** Options of `model.fit`. */
export interface FitOptions {
  /** Passes over the data. Default: 1, as in Keras. */
  readonly epochs?: number
  /** Rows a step. Default: 32. */
  readonly batchSize?: number
  /** Data that is only evaluated, after each epoch. */
  readonly validationData?: readonly [Tables, Tables] | AnySource
  /** Share of the rows, from the end, to hold out for validation. Default: 0. */
  readonly validationSplit?: number
  /** New order of the rows in every epoch, a function of seed and epoch. Default: true. */
  readonly shuffle?: boolean
  /** Seed of the order. Default: 0. */
  readonly seed?: number
  readonly callbacks?: readonly CallbackLike[]
  /** Weight of each class in the loss, by label; labels that are not named weigh 1. */
  readonly classWeight?: Readonly<Record<number, number>>
  /** Weight of each row in the loss. */
  readonly sampleWeight?: ArrayLike<number>
  /** 0: silent, 1: a line an epoch. Default: 1. */
  readonly verbose?: 0 | 1
  readonly initialEpoch?: number
  /** Where to save the state of training, so that it can be resumed bit for bit. */
  readonly checkpoint?: CheckpointOptions
  /** Go on from the checkpoint, if there is one. Default: false. */
  readonly resume?: boolean
  /** Ends training after the running step; with a checkpoint, it is saved first. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
}

export const fitOptions = new OptionTable<FitOptions>({
  epochs: wholeNumber({ min: 0 }),
  batchSize: wholeNumber({ min: 1 }),
  validationData: tested(
    'a pair [x, y] or a BatchSource',
    value => isBatchSource(value) || (Array.isArray(value) && value.length === 2),
    [1, [1], null],
  ),
  validationSplit: numberIn({ min: 0, below: 1 }),
  shuffle: trueOrFalse,
  seed: wholeNumber({ min: 0 }),
  callbacks: listOf(someCallback),
  classWeight: tested('an object of weights by label', isObject, [1, [1], null]),
  sampleWeight: tested('an array of weights', isArrayLike, [1, {}, null]),
  verbose: tested('0 or 1', value => value === 0 || value === 1, [2, 'auto', true, null]),
  initialEpoch: wholeNumber({ min: 0 }),
  checkpoint: tested('an object { path, … }', isObject, ['file', null]),
  resume: trueOrFalse,
  signal: abortSignal,
  onProgress: aFunction<(progress: TrainProgress) => void>(),
})

/** Options of `model.evaluate` and `model.predict`. */
export interface BatchSizeOption {
  /** Rows at a time. Default: 32 in `evaluate`, 256 in `predict`. */
  readonly batchSize?: number
}

export const batchSizeOption = new OptionTable<BatchSizeOption>({
  batchSize: wholeNumber({ min: 1 }),
})

/** Options of `model.save`. */
export interface SaveOptions {
  /** Anything in JSON that belongs to the model: class names, preprocessing, metrics. */
  readonly extra?: Readonly<Record<string, Json>>
}

export const saveOptions = new OptionTable<SaveOptions>({
  extra: tested('an object of JSON', isObject, [1, [], null]),
})

/** What belongs to arrays of rows has no meaning for batches that come ready. */
export function refuseForSource(options: FitOptions): void {
  for (const name of ['validationSplit', 'classWeight', 'sampleWeight'] as const)
    if (options[name] !== undefined)
      throw argumentError(
        'fit',
        `no ${name} beside a BatchSource`,
        'both',
        name === 'validationSplit'
          ? 'Give validationData'
          : 'Give weights in the batches of the source',
      )
}
