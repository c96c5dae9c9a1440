// The model with compile, fit, evaluate, predict and save, as Keras and TF.js have it.

import { writeFileAtomically } from '#platform'
import type { TypedArray } from '../base/dtype.js'
import { AthanorError, argumentError } from '../base/errors.js'
import { refuseValue } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { someText, valueWords } from '../base/value-kinds.js'
import { encodeContainer, type Json, type StoredTensor } from '../modelfile/index.js'
import { GraphModel, type GraphModelOptions } from '../nn/graph-model.js'
import type { LayerConfig } from '../nn/layer.js'
import { inMode } from '../nn/mode.js'
import { Module } from '../nn/module.js'
import type { ModuleOutput } from '../nn/module-output.js'
import { Sequential } from '../nn/sequential.js'
import type { SymbolicInputs, SymbolicOf, SymbolicTree, TensorsOf } from '../nn/symbolic.js'
import { getOptimizer } from '../optim/index.js'
import type { Optimizer } from '../optim/optimizer.js'
import { overwrite } from '../tensor/overwrite.js'
import type { GeneratorState } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import { type AnySource, isBatchSource, type Tables } from './batches.js'
import { asCallback, type Logs } from './callbacks.js'
import type { DataForm } from './data-form.js'
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
import { checkedStep } from './not-finite.js'
import type { WeightOptions } from './row-weights.js'
import { SeveralForm } from './several-form.js'
import { SingleForm } from './single-form.js'
import { summaryOf } from './summary.js'
import type { AnyBatch, SourceOf, Training } from './training.js'

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
export class Model<Output extends ModuleOutput = Tensor> {
  /** Set to true, by a callback for example, to end training after the epoch. */
  stopTraining = false
  /** What was saved with the model beside its weights. */
  extra: Readonly<Record<string, Json>> = {}
  private readonly form: DataForm<Output>
  private optimizing: Optimizer | null = null

  constructor(readonly module: Module<Output>) {
    if (!(module instanceof Module)) throw argumentError('Model', 'a module', valueWords(module))
    this.form = formOf(module)
  }

  /** The layers of a sequential or functional model. */
  get layers(): readonly Module[] {
    const { module } = this
    if (module instanceof Sequential || module instanceof GraphModel)
      return module.layers as readonly Module[]
    return [module as unknown as Module]
  }

  /**
   * The model as a part of a functional model, with the same weights.
   *
   * @example
   * ```ts
   * const encoder = sequential([layers.dense({ units: 4, inputShape: [8] })])
   * const [a, b] = [input({ shape: [8] }), input({ shape: [8] })]
   * const distance = layers.subtract().apply([encoder.apply(a), encoder.apply(b)])
   * const twins = model({ inputs: [a, b], outputs: layers.dense({ units: 1 }).apply(distance) })
   * ```
   */
  apply(inputs: SymbolicInputs): SymbolicOf<Output> {
    return this.module.apply(inputs)
  }

  /**
   * What the model computes from whole tensors, batch first, as part of what is traced or differentiated; in the mode of its
   * module, which is that of training until `module.eval()`. `predict` takes any data instead, a batch at a time, and never
   * drops out.
   *
   * @example
   * ```ts
   * const model = sequential([layers.dense({ units: 2, inputShape: [3] })])
   * const slopes = grad((x: Tensor) => model.forward(x).sum())(ones([1, 3]))
   * ```
   */
  forward(...inputs: Tensor[]): Output {
    return this.module.forward(...inputs)
  }

  get optimizer(): Optimizer {
    return this.needCompiled('optimizer')
  }

  /** Names of the metrics, in the order of their values in a step. */
  get metricNames(): readonly string[] {
    return this.form.metrics.map(metric => metric.name)
  }

  parameters(): Variable[] {
    return this.module.parameters()
  }

  namedParameters(): [string, Variable][] {
    return this.module.namedParameters()
  }

  /** @internal What is left to do with Σ total / Σ count of each metric. */
  finishMetric(index: number, value: number): number {
    return this.form.metrics[index]?.finish?.(value) ?? value
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

  /**
   * Sets the states that stateful layers carry from batch to batch back to zero: before `predict` or
   * `trainOnBatch` goes on with other sequences, or with batches of another size.
   *
   * @example
   * ```ts
   * const model = sequential([layers.lstm({ units: 8, stateful: true, inputShape: [5, 2] })])
   * await model.predict(zeros([4, 5, 2]))
   * model.resetStates()
   * await model.predict(zeros([3, 5, 2]))
   * ```
   */
  resetStates(): this {
    this.module.resetStates()
    return this
  }

  /** Sets optimizer, loss and metrics; may be called again. */
  compile(options: CompileOptions): this {
    const { optimizer = 'adam' } = compileOptions.check('compile', options)
    const chosen = getOptimizer(optimizer)
    this.form.compile(options, chosen)
    this.optimizing = chosen
    return this
  }

  private needCompiled(operation: string): Optimizer {
    if (this.optimizing !== null) return this.optimizing
    throw new AthanorError('STATE', {
      operation,
      expected: 'a compiled model',
      received: 'one without optimizer and loss',
      fix: "Call model.compile({ optimizer: 'adam', loss: … }) first",
    })
  }

  /** Shape of one input row where the model knows it; null where it has several inputs, or sizes that differ. */
  get inputShape(): Shape | null {
    return this.form.inputShape
  }

  /**
   * Trains for `epochs` passes over the rows of `x` and `y` (or over a BatchSource). For a functional
   * model of several inputs or outputs, `x` or `y` is a list of them or an object by their names. States that
   * layers carry from batch to batch begin each epoch at zero. A model in inference is put into training; of one in
   * training, parts in inference stay so.
   *
   * @returns the metrics of each epoch
   * @throws AthanorError NOT_FINITE when the loss or a gradient is no longer finite, with the layer and
   * operation where it began; the weights are those before the failing step.
   */
  fit(x: Tables, y: Tables, options?: FitOptions): Promise<History>
  fit(source: AnySource, options?: FitOptions): Promise<History>
  async fit(
    first: Tables | AnySource,
    second?: Tables | FitOptions,
    third?: FitOptions,
  ): Promise<History> {
    const isSource = isBatchSource(first)
    const options = fitOptions.check('fit', (isSource ? second : third) as FitOptions | undefined)
    const { epochs = 1, batchSize = 32, verbose = 1 } = options
    if (options.checkpoint !== undefined)
      checkpointOptions.check('fit (checkpoint)', options.checkpoint)
    if (options.resume && options.checkpoint === undefined)
      throw argumentError('fit', 'a checkpoint to resume from', 'resume alone')
    this.needCompiled('fit')
    if (isSource) refuseForSource(options)
    const { source, validation } = isSource
      ? { source: first as SourceOf<AnyBatch>, validation: null }
      : await this.split(first as Tables, second as Tables, options)
    const given = options.validationData
    const held =
      given === undefined
        ? validation
        : isBatchSource(given)
          ? (given as SourceOf<AnyBatch>)
          : await this.whole('fit (validationData)', given[0], given[1])
    const training = this.form.training(source)
    const callbacks = (options.callbacks ?? []).map(asCallback)
    if (verbose > 0) callbacks.push(new EpochPrinter(epochs))
    return trainingLoop(this.plain, training, {
      epochs,
      initialEpoch: options.initialEpoch ?? 0,
      batchSize: this.optimizer.fullBatch ? source.rows : batchSize,
      shuffle: options.shuffle ?? true,
      seed: options.seed ?? 0,
      validation: held === null ? null : this.form.training(held),
      callbacks,
      checkpoint: options.checkpoint ?? null,
      resume: options.resume ?? false,
      signal: options.signal ?? null,
      onProgress: options.onProgress ?? null,
    })
  }

  /** For the loop and for callbacks, which do not look at outputs. */
  private get plain(): Model {
    return this as unknown as Model
  }

  /** Rows to train on, and those that `validationSplit` holds out. */
  private async split(x: Tables, y: Tables, options: FitOptions) {
    const { validationSplit = 0 } = options
    const all = await this.form.data('fit', x, y, options)
    const kept = all.rows - Math.floor(all.rows * validationSplit)
    if (kept === 0) throw argumentError('fit', 'at least one row to train on', `${all.rows} rows`)
    if (validationSplit > 0 && kept === all.rows)
      throw argumentError(
        'fit',
        'a validationSplit that holds out at least one row',
        `${validationSplit} of ${kept} rows`,
      )
    return {
      source: all.source(0, kept, 'training'),
      validation: kept < all.rows ? all.source(kept, all.rows, 'validation') : null,
    }
  }

  private async whole(operation: string, x: Tables, y: Tables): Promise<SourceOf<AnyBatch>> {
    const data = await this.form.data(operation, x, y, {})
    return data.source(0, data.rows, 'validation')
  }

  /** @internal Compiled steps on rows or on a source, for those who train in their own way. */
  async trainingOn(
    operation: string,
    first: Tables | AnySource,
    second?: Tables,
    weights: WeightOptions = {},
  ): Promise<Training> {
    this.needCompiled(operation)
    if (isBatchSource(first)) return this.form.training(first as SourceOf<AnyBatch>)
    const data = await this.form.data(operation, first, second, weights)
    if (data.rows === 0) throw argumentError(operation, 'at least one row', 'none')
    return this.form.training(data.source(0, data.rows, 'training'))
  }

  /** Loss and metrics over all rows, in inference. */
  evaluate(x: Tables, y: Tables, options?: BatchSizeOption): Promise<Logs>
  evaluate(source: AnySource, options?: BatchSizeOption): Promise<Logs>
  async evaluate(
    first: Tables | AnySource,
    second?: Tables | BatchSizeOption,
    third?: BatchSizeOption,
  ): Promise<Logs> {
    this.needCompiled('evaluate')
    const isSource = isBatchSource(first)
    const given = (isSource ? second : third) as BatchSizeOption | undefined
    const { batchSize = 32 } = batchSizeOption.check('evaluate', given)
    const source = isSource
      ? (first as SourceOf<AnyBatch>)
      : await this.whole('evaluate', first as Tables, second as Tables)
    if (source.rows === 0) throw argumentError('evaluate', 'at least one row', 'none')
    return evaluationLoop(this.plain, this.form.training(source), batchSize)
  }

  /**
   * Outputs for all rows, in inference, a batch at a time. States that layers carry go on from one call to the next.
   *
   * @returns tensor [rows, …output shape]; for several outputs, in the form that `model` was given
   * @throws AthanorError STATE for an incomplete last batch where layers carry states.
   */
  async predict(x: Tables, options?: BatchSizeOption): Promise<Output> {
    const { batchSize = 256 } = batchSizeOption.check('predict', options)
    return this.form.predict(x, batchSize)
  }

  /**
   * One step of gradient descent on the rows given. Flat typed arrays are taken as rows of the model's
   * input shape; they must not be changed before the promise resolves.
   *
   * @returns the loss before the step
   */
  async trainOnBatch(x: Tables, y: Tables): Promise<number> {
    const { training, batch } = await this.single('trainOnBatch', x, y)
    if (!this.module.training) this.module.train()
    return (await checkedStep(this.plain, training, batch, { epoch: 0, batch: 0 })).loss
  }

  private async single(operation: string, x: Tables, y: Tables) {
    const data = await this.form.data(operation, x, y, {})
    this.needCompiled(operation)
    const training = this.form.training(data.source(0, data.rows, 'training'))
    return { training, batch: data.batch() }
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
  async explain(x: Tables, y: Tables): Promise<string> {
    const { training, batch } = await this.single('explain', x, y)
    return inMode(this.module, true, () => training.explain(batch))
  }

  /** Layers, output shapes, parameters, bytes and floating-point operations, as a table. */
  summary(): string {
    return summaryOf(this.plain)
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
      extra,
    }
    return encodeContainer({ kind: 'model', tensors: tensorsOf, metadata })
  }

  /** The layers of a chain as a list; anything else as what it is. */
  private architecture(): readonly LayerConfig[] | LayerConfig {
    const { module } = this
    if (module instanceof Sequential) return module.toJSON().config.layers as LayerConfig[]
    return module.savedConfig()
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

/**
 * A functional model: layers connected by `apply`, with several inputs and outputs where it needs them.
 * `fit` takes data, and `predict` returns them, in the form of `inputs` and `outputs`: alone, in a list,
 * or in an object by name.
 *
 * @example
 * ```ts
 * const size = input({ shape: [2], name: 'size' })
 * const place = input({ shape: [3], name: 'place' })
 * const both = layers.concatenate().apply([size, place])
 * const hidden = layers.dense({ units: 8, activation: 'relu' }).apply(both)
 * const net = model({
 *   inputs: { size, place },
 *   outputs: {
 *     price: layers.dense({ units: 1 }).apply(hidden),
 *     kind: layers.dense({ units: 3, activation: 'softmax' }).apply(hidden),
 *   },
 * })
 * net.compile({ loss: { price: 'meanSquaredError', kind: 'sparseCategoricalCrossentropy' } })
 * const { price } = await net.predict({ size: [[1, 2]], place: [[0, 0, 1]] })
 * price.shape // [1, 1]
 * ```
 */
export function model<Outputs extends SymbolicTree>(
  options: GraphModelOptions<Outputs>,
): Model<TensorsOf<Outputs> & ModuleOutput> {
  return new Model(new GraphModel(options))
}

/** Several tables where a functional model has several inputs or outputs, else one of each. */
function formOf<Output extends ModuleOutput>(module: Module<Output>): DataForm<Output> {
  const isSeveral =
    module instanceof GraphModel &&
    (module.inputArrangement !== 'one' || module.outputArrangement !== 'one')
  return (isSeveral
    ? new SeveralForm(module as unknown as GraphModel<SymbolicTree>)
    : new SingleForm(module as unknown as Module)) as unknown as DataForm<Output>
}
