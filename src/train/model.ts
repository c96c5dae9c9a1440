// The model with compile, fit, evaluate, predict and save, as Keras and TF.js have it.

import { readFile, writeFileAtomically } from '#platform'
import type { TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError } from '../base/errors.js'
import { refuseValue } from '../base/options.js'
import { type Shape, sizeOf } from '../base/shape.js'
import { someText, valueWords } from '../base/value-kinds.js'
import {
  type Container,
  decodeContainer,
  encodeContainer,
  type Json,
  type StoredTensor,
} from '../modelfile/index.js'
import { Layer, type LayerConfig } from '../nn/layer.js'
import { getLoss, type LossLike } from '../nn/losses/index.js'
import { type BatchMetric, getMetric, type MetricLike } from '../nn/metrics.js'
import { Module } from '../nn/module.js'
import { chainLayer } from '../nn/registry.js'
import { Sequential } from '../nn/sequential.js'
import { getOptimizer } from '../optim/index.js'
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
  isBatchSource,
  type Rows,
  type RowType,
} from './batches.js'
import { asCallback, type Logs } from './callbacks.js'
import { EpochPrinter } from './epoch-printer.js'
import { checkpointOptions, evaluationLoop, trainingLoop } from './fit.js'
import type { History } from './history.js'
import {
  type BatchSizeOption,
  batchSizeOption,
  type CompileOptions,
  compileOptions,
  type FitOptions,
  fitOptions,
  refuseForSource,
  type SaveOptions,
  saveOptions,
} from './model-options.js'
import { findCulprit, notFiniteError } from './not-finite.js'
import { rowWeights } from './row-weights.js'
import { functionMetric, type LossFunction, Steps, tensors, weightedLoss } from './steps.js'
import { summaryOf } from './summary.js'

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
    if (!(module instanceof Module)) throw argumentError('Model', 'a module', valueWords(module))
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
    const { optimizer = 'adam', loss, metrics = [] } = compileOptions.check('compile', options)
    const lossFunction = getLoss(loss as LossLike)
    this.compiled = {
      optimizer: getOptimizer(optimizer),
      loss: weightedLoss(lossFunction),
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
    const options = fitOptions.check('fit', (isSource ? second : third) as FitOptions | undefined)
    const { epochs = 1, batchSize = 32, verbose = 1, validationSplit = 0 } = options
    if (options.checkpoint !== undefined)
      checkpointOptions.check('fit (checkpoint)', options.checkpoint)
    if (options.resume && options.checkpoint === undefined)
      throw argumentError('fit', 'a checkpoint to resume from', 'resume alone')
    this.needCompiled('fit')
    if (isSource) refuseForSource(options)
    let source: BatchSource
    let validation: BatchSource | null = null
    if (isSource) source = first
    else {
      const all = await this.source('fit', first, second as Rows, options)
      const kept = all.x.rows - Math.floor(all.x.rows * validationSplit)
      if (kept === 0)
        throw argumentError('fit', 'at least one row to train on', `${all.x.rows} rows`)
      if (validationSplit > 0 && kept === all.x.rows)
        throw argumentError(
          'fit',
          'a validationSplit that holds out at least one row',
          `${validationSplit} of ${kept} rows`,
        )
      source = cutSource(all, 0, kept)
      if (kept < all.x.rows) {
        const { sampleWeight } = options
        const weights = rowWeights('fit (validationSplit)', all.y, { sampleWeight })
        validation = cutSource({ ...all, weights }, kept, all.x.rows)
      }
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
  evaluate(x: Rows, y: Rows, options?: BatchSizeOption): Promise<Logs>
  evaluate(source: BatchSource, options?: BatchSizeOption): Promise<Logs>
  async evaluate(
    first: Rows | BatchSource,
    second?: Rows | BatchSizeOption,
    third?: BatchSizeOption,
  ): Promise<Logs> {
    this.needCompiled('evaluate')
    const isSource = isBatchSource(first)
    const given = (isSource ? second : third) as BatchSizeOption | undefined
    const { batchSize = 32 } = batchSizeOption.check('evaluate', given)
    const source = isSource
      ? first
      : wholeSource(await this.source('evaluate', first, second as Rows, {}))
    if (source.rows === 0) throw argumentError('evaluate', 'at least one row', 'none')
    const steps = this.prepare('evaluate', source.x)
    return evaluationLoop(this, steps, source, batchSize)
  }

  /**
   * Outputs for all rows, in inference, a batch at a time.
   *
   * @returns tensor [rows, …output shape]
   */
  async predict(x: Rows, options?: BatchSizeOption): Promise<Tensor> {
    const { batchSize: most = 256 } = batchSizeOption.check('predict', options)
    const rows = await this.rowsOf('predict', x)
    this.build(rows)
    const batchSize = Math.min(most, Math.max(rows.rows, 1))
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

  /**
   * The training step on rows like these, as text: the graph of forward pass, gradients and update, and
   * the program of kernel calls that it becomes. Trains nothing.
   *
   * @example
   * ```ts
   * console.log(await model.explain([[1, 2]], [1]))
   * ```
   */
  async explain(x: Rows, y: Rows): Promise<string> {
    const flatX = await this.rowsOf('explain', x)
    const flatY = await flatRows('explain (y)', y, this.targetShape(y), this.targetDType)
    const steps = this.prepare('explain', flatX)
    const wasTraining = this.module.training
    this.module.train()
    try {
      return steps.explain({ x: flatX.values, y: flatY.values, rows: flatX.rows }, flatX, flatY)
    } finally {
      this.module.train(wasTraining)
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
  toBytes(options?: SaveOptions): Uint8Array {
    const { extra = this.extra } = saveOptions.check('save', options)
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
      extra,
    }
    return encodeContainer({ kind: 'model', tensors: tensorsOf, metadata })
  }

  private architecture(): readonly LayerConfig[] {
    const { module } = this
    const whole = module instanceof Sequential ? module : new Sequential([module])
    return whole.toJSON().config.layers as LayerConfig[]
  }

  /** Writes the model to one file, safely: an existing one is replaced only when the new one is whole. */
  async save(path: string, options?: SaveOptions): Promise<void> {
    if (!someText.accepts(path)) refuseValue('save', 'path', someText, path)
    writeFileAtomically(path, this.toBytes(options))
  }
}

/** Layers one after the other, as a model. */
export function sequential(layers: readonly Module[]): Model {
  return new Model(new Sequential(layers))
}

/** A model from the bytes of a model file. @throws AthanorError FORMAT for anything that is not one. */
export function modelFromBytes(bytes: Uint8Array, source = 'model'): Model {
  return modelFromContainer(decodeContainer(bytes, source), source)
}

/** @internal The same, decoded already. */
export function modelFromContainer(
  { kind, tensors: saved, metadata }: Container,
  source: string,
): Model {
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
  const model = sequential(architecture.map(config => chainLayer(config as LayerConfig)))
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
  if (!someText.accepts(path)) refuseValue('loadModelFile', 'path', someText, path)
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

function padRows(part: TypedArray, length: number): TypedArray {
  const padded = new (part.constructor as new (n: number) => TypedArray)(length)
  padded.set(part as never)
  return padded
}
