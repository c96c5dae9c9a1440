// The model with compile, fit, evaluate, predict and save, as Keras and TF.js have it.

import { readFile, writeFileAtomically } from '#platform'
import type { TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError } from '../base/errors.js'
import { type Shape, sizeOf } from '../base/shape.js'
import {
  decodeContainer,
  encodeContainer,
  type Json,
  type StoredTensor,
} from '../modelfile/index.js'
import { Layer, type LayerConfig } from '../nn/layer.js'
import { getLoss, type LossLike, type LossName, type LossOptions } from '../nn/losses/index.js'
import { type BatchMetric, getMetric, type MetricLike } from '../nn/metrics.js'
import { Module } from '../nn/module.js'
import { layerFromConfig } from '../nn/registry.js'
import { Sequential } from '../nn/sequential.js'
import { getOptimizer, type OptimizerLike } from '../optim/index.js'
import type { Optimizer } from '../optim/optimizer.js'
import { zeros } from '../tensor/creation.js'
import { noGrad } from '../tensor/differentiate.js'
import { overwrite } from '../tensor/overwrite.js'
import type { GeneratorState } from '../tensor/random.js'
import { type Tensor, tensorOver } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import {
  ArraySource,
  type BatchSource,
  type FlatRows,
  flatRows,
  type Rows,
  type RowType,
} from './batches.js'
import { asCallback, type CallbackLike, type Logs } from './callbacks.js'
import { EpochPrinter } from './epoch-printer.js'
import { type CheckpointOptions, evaluationLoop, type TrainProgress, trainingLoop } from './fit.js'
import type { History } from './history.js'
import { findCulprit, notFiniteError } from './not-finite.js'
import { rowWeights } from './row-weights.js'
import { functionMetric, type LossFunction, Steps, tensors } from './steps.js'
import { summaryOf } from './summary.js'

/** What `model.compile` sets. */
export interface CompileOptions {
  /** A name (`'adam'`, with Keras's defaults) or an optimizer. Default: `'adam'`. */
  readonly optimizer?: OptimizerLike
  /** A name or a function (yTrue, yPred) → tensor. */
  readonly loss: LossName | ((yTrue: Tensor, yPred: Tensor, options?: LossOptions) => Tensor)
  /** Names or functions (yTrue, yPred) → tensor, computed inside the step. Default: none. */
  readonly metrics?: readonly MetricLike[]
}

/** Options of `model.fit`. */
export interface FitOptions {
  /** Passes over the data. Default: 1, as in Keras. */
  readonly epochs?: number
  /** Rows a step. Default: 32. */
  readonly batchSize?: number
  /** Data that is only evaluated, after each epoch. */
  readonly validationData?: readonly [Rows, Rows] | BatchSource
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

/** Options of `model.save`. */
export interface SaveOptions {
  /** Anything in JSON that belongs to the model: class names, preprocessing, metrics. */
  readonly extra?: Readonly<Record<string, Json>>
}

/**
 * A module together with how it is trained.
 *
 * @example
 * ```ts
 * const model = sequential([layers.dense({ units: 1, inputShape: [1] })])
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
 * await model.fit([1, 2, 3, 4], [0, -1, -2, -3], { epochs: 1000, verbose: 0 })
 * console.log(await (await model.predict([5, 6])).data())
 * ```
 */
export class Model {
  /** Set to true, by a callback for example, to end training after the epoch. */
  stopTraining = false
  /** What was saved with the model beside its weights. */
  extra: Readonly<Record<string, Json>> = {}
  private steps: Steps | null = null
  private compiled: {
    optimizer: Optimizer
    loss: LossFunction
    metrics: readonly BatchMetric[]
    /** Targets are class numbers: fractions are refused rather than cut off. */
    wholeTargets: boolean
  } | null = null
  private rowType: RowType | null = null
  private targetType: RowType | null = null

  constructor(readonly module: Module) {
    if (!(module instanceof Module)) throw argumentError('Model', 'a module', typeof module)
  }

  /** The layers of a sequential model. */
  get layers(): readonly Module[] {
    return this.module instanceof Sequential ? this.module.layers : [this.module]
  }

  get optimizer(): Optimizer {
    return this.needCompiled('optimizer').optimizer
  }

  /** Names of the metrics, in the order of their values in a step. */
  get metricNames(): readonly string[] {
    return this.compiled?.metrics.map(metric => metric.name) ?? []
  }

  parameters(): Variable[] {
    return this.module.parameters()
  }

  namedParameters(): [string, Variable][] {
    return this.module.namedParameters()
  }

  /** @internal What is left to do with Σ total / Σ count of each metric. */
  finishMetric(index: number, value: number): number {
    return this.compiled?.metrics[index].finish?.(value) ?? value
  }

  /** Parameters and buffers, by path. @internal */
  namedVariables(): [string, Variable][] {
    return [...this.module.namedParameters(), ...this.module.namedBuffers()]
  }

  stateDict(): ReturnType<Module['stateDict']> {
    return this.module.stateDict()
  }

  loadStateDict(...args: Parameters<Module['loadStateDict']>): void {
    this.module.loadStateDict(...args)
  }

  /** Sets optimizer, loss and metrics; may be called again. */
  compile(options: CompileOptions): this {
    const { optimizer = 'adam', loss, metrics = [] } = options
    if (loss === undefined)
      throw argumentError('compile', "a loss, for example 'meanSquaredError'", 'none')
    const lossFunction = getLoss(loss as LossLike)
    this.compiled = {
      optimizer: getOptimizer(optimizer),
      loss: (yTrue, yPred, sampleWeight) =>
        lossFunction(yTrue, yPred, sampleWeight === undefined ? {} : { sampleWeight }),
      metrics: metrics.map((metric, i) => this.stepMetric(metric, loss, i)),
      wholeTargets: lossFunction === getLoss('sparseCategoricalCrossentropy'),
    }
    this.steps = null
    return this
  }

  private stepMetric(metric: MetricLike, loss: CompileOptions['loss'], i: number): BatchMetric {
    if (typeof metric === 'function') return functionMetric(metric.name || `metric${i + 1}`, metric)
    return getMetric(metric, typeof loss === 'string' ? loss : loss.name)
  }

  private needCompiled(operation: string) {
    if (this.compiled !== null) return this.compiled
    throw new AthanorError('STATE', {
      operation,
      expected: 'a compiled model',
      received: 'one without optimizer and loss',
      fix: "Call model.compile({ optimizer: 'adam', loss: … }) first",
    })
  }

  /** Builds what waits for its input size and makes the compiled steps. */
  private prepare(operation: string, x: RowType): Steps {
    this.build(x)
    if (this.steps === null) {
      const { optimizer, loss, metrics } = this.needCompiled(operation)
      if (!optimizer.isBound) optimizer.bind(this.module.parameters())
      this.steps = new Steps(this.module, loss, metrics, optimizer)
    }
    return this.steps
  }

  private build(x: RowType): void {
    if (this.rowType !== null) return
    const wasTraining = this.module.training
    this.module.eval()
    noGrad(() => this.module.forward(zeros([1, ...x.shape], { dtype: x.dtype })))
    this.module.train(wasTraining)
    this.rowType = x
  }

  /** Shape of one input row where the model knows it. */
  get inputShape(): Shape | null {
    if (this.rowType !== null) return this.rowType.shape
    const { module } = this
    return module instanceof Sequential || module instanceof Layer ? module.inputShape : null
  }

  private rowsOf(operation: string, x: Rows): Promise<FlatRows> {
    return flatRows(`${operation} (x)`, x, this.inputShape, null).then(rows => {
      if (rows.shape.length > 0 || this.inputShape !== null) return rows
      return { ...rows, shape: [1] }
    })
  }

  /**
   * Trains for `epochs` passes over the rows of `x` and `y` (or over a BatchSource).
   *
   * @returns the metrics of each epoch
   * @throws AthanorError NOT_FINITE when the loss or a gradient is no longer finite, with the layer and
   * operation where it began; the weights are those before the failing step.
   */
  fit(x: Rows, y: Rows, options?: FitOptions): Promise<History>
  fit(source: BatchSource, options?: FitOptions): Promise<History>
  async fit(
    first: Rows | BatchSource,
    second?: Rows | FitOptions,
    third?: FitOptions,
  ): Promise<History> {
    const isSource = isBatchSource(first)
    const options = ((isSource ? second : third) ?? {}) as FitOptions
    const { epochs = 1, batchSize = 32, verbose = 1, validationSplit = 0 } = options
    checkWhole('fit', 'epochs', epochs, 0)
    checkWhole('fit', 'batchSize', batchSize, 1)
    if (!(validationSplit >= 0 && validationSplit < 1))
      throw argumentError('fit', 'a validationSplit from 0 to below 1', String(validationSplit))
    this.needCompiled('fit')
    let source: BatchSource
    let validation: BatchSource | null = null
    if (isSource) source = first
    else {
      const all = await this.source('fit', first, second as Rows, options)
      const kept = all.x.rows - Math.floor(all.x.rows * validationSplit)
      if (kept === 0)
        throw argumentError('fit', 'at least one row to train on', `${all.x.rows} rows`)
      source = cutSource(all, 0, kept)
      if (kept < all.x.rows) validation = cutSource({ ...all, weights: null }, kept, all.x.rows)
    }
    const given = options.validationData
    if (given !== undefined)
      validation = isBatchSource(given)
        ? given
        : wholeSource(await this.source('fit (validationData)', given[0], given[1], {}))
    const steps = this.prepare('fit', source.x)
    this.targetType = source.y
    const callbacks = (options.callbacks ?? []).map(asCallback)
    if (verbose > 0) callbacks.push(new EpochPrinter(epochs))
    return trainingLoop(this, steps, source, {
      epochs,
      initialEpoch: options.initialEpoch ?? 0,
      batchSize: this.optimizer.fullBatch ? source.rows : batchSize,
      shuffle: options.shuffle ?? true,
      seed: options.seed ?? 0,
      validation,
      callbacks,
      checkpoint: options.checkpoint ?? null,
      resume: options.resume ?? false,
      signal: options.signal ?? null,
      onProgress: options.onProgress ?? null,
    })
  }

  private async source(
    operation: string,
    x: Rows,
    y: Rows,
    options: FitOptions,
  ): Promise<WeightedRows> {
    const flatX = await this.rowsOf(operation, x)
    const flatY = await flatRows(`${operation} (y)`, y, null, this.targetDType)
    const weights = rowWeights(operation, flatY, options)
    return { x: flatX, y: flatY, weights }
  }

  /** Loss and metrics over all rows, in inference. */
  evaluate(x: Rows, y: Rows, options?: { readonly batchSize?: number }): Promise<Logs>
  evaluate(source: BatchSource, options?: { readonly batchSize?: number }): Promise<Logs>
  async evaluate(
    first: Rows | BatchSource,
    second?: Rows | { readonly batchSize?: number },
    third?: { readonly batchSize?: number },
  ): Promise<Logs> {
    this.needCompiled('evaluate')
    const isSource = isBatchSource(first)
    const options = (isSource ? second : third) as { batchSize?: number } | undefined
    const source = isSource
      ? first
      : wholeSource(await this.source('evaluate', first, second as Rows, {}))
    const steps = this.prepare('evaluate', source.x)
    return evaluationLoop(this, steps, source, options?.batchSize ?? 32)
  }

  /**
   * Outputs for all rows, in inference, a batch at a time.
   *
   * @returns tensor [rows, …output shape]
   */
  async predict(x: Rows, options: { readonly batchSize?: number } = {}): Promise<Tensor> {
    const rows = await this.rowsOf('predict', x)
    this.build(rows)
    const batchSize = Math.min(options.batchSize ?? 256, Math.max(rows.rows, 1))
    checkWhole('predict', 'batchSize', batchSize, 1)
    const steps = this.steps ?? new Steps(this.module, null, [], null)
    const width = sizeOf(rows.shape)
    const wasTraining = this.module.training
    this.module.eval()
    try {
      if (rows.rows === 0)
        return noGrad(() => this.module.forward(zeros([0, ...rows.shape], { dtype: rows.dtype })))
      let out: TypedArray | null = null
      let shape: Shape = []
      let dtype: Tensor['dtype'] = 'float32'
      for (let start = 0; start < rows.rows; start += batchSize) {
        const count = Math.min(batchSize, rows.rows - start)
        const part = rows.values.slice(start * width, (start + count) * width)
        const padded = count === batchSize ? part : padRows(part, batchSize * width)
        const result = await steps.predict(padded, batchSize, rows)
        const values = result.dataSync()
        shape = result.shape.slice(1)
        dtype = result.dtype
        out ??= new (values.constructor as new (n: number) => TypedArray)(rows.rows * sizeOf(shape))
        out.set(values.subarray(0, count * sizeOf(shape)) as never, start * sizeOf(shape))
      }
      return tensorOver(out!, [rows.rows, ...shape], dtype)
    } finally {
      this.module.train(wasTraining)
    }
  }

  /**
   * One step of gradient descent on the rows given. Flat typed arrays are taken as rows of the model's
   * input shape; they must not be changed before the promise resolves.
   *
   * @returns the loss before the step
   */
  async trainOnBatch(x: Rows, y: Rows): Promise<number> {
    const flatX = await this.rowsOf('trainOnBatch', x)
    const flatY = await flatRows('trainOnBatch (y)', y, this.targetShape(y), this.targetDType)
    const steps = this.prepare('trainOnBatch', flatX)
    if (flatX.rows !== flatY.rows)
      throw argumentError(
        'trainOnBatch',
        `as many targets as rows (${flatX.rows})`,
        String(flatY.rows),
      )
    if (!this.module.training) this.module.train()
    const batch = { x: flatX.values, y: flatY.values, rows: flatX.rows }
    try {
      return (await steps.train(batch, flatX, flatY)).loss
    } catch (error) {
      if (!(error instanceof AthanorError) || error.code !== 'NOT_FINITE') throw error
      const { loss } = steps.forward(...tensors(batch, flatX, flatY), true)
      throw notFiniteError(
        findCulprit(loss, this.namedParameters()),
        0,
        0,
        this.optimizer.learningRate,
      )
    }
  }

  private get targetDType(): 'int32' | null {
    return this.compiled?.wholeTargets ? 'int32' : null
  }

  /** Flat typed targets are shaped like those of the last fit. */
  private targetShape(y: Rows): Shape | null {
    return ArrayBuffer.isView(y) ? (this.targetType?.shape ?? null) : null
  }

  /** Layers, output shapes, parameters, bytes and floating-point operations, as a table. */
  summary(): string {
    return summaryOf(this)
  }

  /** Values of all parameters and buffers, to come back to. */
  snapshot(): Record<string, TypedArray> {
    return Object.fromEntries(
      this.namedVariables().map(([name, variable]) => [name, variable.dataSync()]),
    )
  }

  restoreSnapshot(snapshot: Readonly<Record<string, TypedArray>>): void {
    for (const [name, variable] of this.namedVariables()) overwrite(variable, snapshot[name])
  }

  /** @internal Positions of the layers' own random generators. */
  randomStates(): Record<string, GeneratorState> {
    const states: Record<string, GeneratorState> = {}
    for (const [path, module] of this.module.namedModules()) {
      const { generator } = module as { generator?: { state?: GeneratorState } }
      if (generator?.state !== undefined) states[path] = generator.state
    }
    return states
  }

  /** @internal */
  restoreRandomStates(states: Readonly<Record<string, GeneratorState>>): void {
    for (const [path, module] of this.module.namedModules()) {
      const { generator } = module as { generator?: { state?: GeneratorState } }
      if (generator?.state !== undefined && states[path] !== undefined)
        generator.state = states[path]
    }
  }

  /** The model as bytes: architecture and weights (safetensors layout), and `extra`. */
  toBytes(options: SaveOptions = {}): Uint8Array {
    const tensorsOf: Record<string, StoredTensor> = {}
    for (const [name, variable] of this.namedVariables())
      tensorsOf[name] = {
        dtype: variable.dtype,
        shape: variable.shape,
        values: variable.dataSync(),
      }
    const metadata: Record<string, Json> = {
      architecture: this.architecture() as unknown as Json,
      inputShape: this.inputShape as Json,
      inputDtype: this.rowType?.dtype ?? 'float32',
      extra: options.extra ?? this.extra,
    }
    return encodeContainer({ kind: 'model', tensors: tensorsOf, metadata })
  }

  private architecture(): LayerConfig[] {
    return this.layers.map(layer => {
      if (layer instanceof Layer) return layer.toJSON()
      throw new AthanorError('STATE', {
        operation: 'save',
        expected: 'a sequential model of layers',
        received: `a module of class ${layer.constructor.name}`,
        fix: 'Save stateDict() and build the module from code before loadStateDict()',
      })
    })
  }

  /** Writes the model to one file, safely: an existing one is replaced only when the new one is whole. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    writeFileAtomically(path, this.toBytes(options))
  }
}

/** Layers one after the other, as a model. */
export function sequential(layers: readonly Module[]): Model {
  return new Model(new Sequential(layers))
}

/** A model from the bytes of a model file. @throws AthanorError FORMAT for anything that is not one. */
export function modelFromBytes(bytes: Uint8Array, source = 'model'): Model {
  const { kind, tensors: saved, metadata } = decodeContainer(bytes, source)
  if (kind !== 'model')
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected: 'a model',
      received: `a ${kind}`,
    })
  const { architecture, inputShape, extra } = metadata
  if (!Array.isArray(architecture))
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected: 'a list of layers',
      received: typeof architecture,
    })
  const model = inFile(source, () => rebuilt(architecture, inputShape, saved))
  model.extra = (extra ?? {}) as Record<string, Json>
  model.module.eval()
  return model
}

function rebuilt(
  architecture: readonly unknown[],
  inputShape: unknown,
  saved: Readonly<Record<string, StoredTensor>>,
): Model {
  const model = sequential(architecture.map(config => layerFromConfig(config as LayerConfig)))
  if (Array.isArray(inputShape) && model.inputShape === null)
    (model.module as Sequential).build(inputShape as number[])
  model.loadStateDict(
    Object.fromEntries(
      Object.entries(saved).map(([name, t]) => [name, tensorOver(t.values, t.shape, t.dtype)]),
    ),
  )
  return model
}

/** What a layer says of its options is, in a file, a fault of the file. */
function inFile<T>(source: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof AthanorError && cause.code === 'MEMORY') throw cause
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected: 'layers and weights that belong together',
      received: `a fault (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    })
  }
}

/** A model from a file that `save` wrote. */
export async function loadModelFile(path: string): Promise<Model> {
  return modelFromBytes(readFile(path), path)
}

interface WeightedRows {
  readonly x: FlatRows
  readonly y: FlatRows
  readonly weights: Float32Array | null
}

function wholeSource({ x, y, weights }: WeightedRows): ArraySource {
  return new ArraySource(x, y, weights)
}

function cutSource({ x, y, weights }: WeightedRows, from: number, to: number): ArraySource {
  const cut = (rows: FlatRows): FlatRows => {
    const width = sizeOf(rows.shape)
    return { ...rows, rows: to - from, values: rows.values.subarray(from * width, to * width) }
  }
  if (x.rows !== y.rows) return new ArraySource(x, y, weights)
  return new ArraySource(cut(x), cut(y), weights?.subarray(from, to) ?? null)
}

function isBatchSource(value: unknown): value is BatchSource {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as BatchSource).batches === 'function'
  )
}

function padRows(part: TypedArray, length: number): TypedArray {
  const padded = new (part.constructor as new (n: number) => TypedArray)(length)
  padded.set(part as never)
  return padded
}

function checkWhole(operation: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw argumentError(operation, `${name} as a whole number ≥ ${least}`, String(value))
}
