// What SimpleRNN, LSTM and GRU share: the inputs' part of all steps as one product, then either one
// kernel for the whole sequence or, where that does not know what is asked, step by step.

import { shapeError } from '../../base/errors.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { zeros } from '../../tensor/creation.js'
import {
  add,
  cast,
  cumsum,
  greater,
  matmul,
  mul,
  stopGradient,
  where,
} from '../../tensor/operations.js'
import type { SequenceResult } from '../../tensor/recurrence.js'
import { flip, reshape, slice, stack } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import {
  type ActivationFunction,
  activationConfig,
  getActivation,
  linear,
  tanh,
} from '../activations.js'
import { cacheStep, refuseOtherSteps } from '../attention/cache.js'
import type { Carried } from '../carried.js'
import { getInitializer, type Initializer, initializerConfig } from '../initializers/index.js'
import { maskOf } from '../mask.js'
import { RandomLayer } from '../random-layer.js'
import { getRegularizer, type Regularizer, regularizerConfig } from '../regularizers.js'
import type { SymbolicInputs, SymbolicTensor } from '../symbolic.js'
import { CarriedStates } from './carried-states.js'
import type { RecurrentOptions } from './options.js'
import { besideStates, type OrStates, sequenceAndStates } from './with-states.js'

/** What a sequence starts from, where not from zeros or the states carried over. */
export interface SequenceStart {
  /** The states before the first step, [batch, units] each: hidden, (LSTM: cell). */
  readonly initialState?: readonly Tensor[] | null
}

/** The base of the recurrent layers. */
export abstract class RecurrentLayer extends RandomLayer {
  readonly units: number
  readonly activation: ActivationFunction
  readonly useBias: boolean
  readonly dropout: number
  readonly recurrentDropout: number
  readonly returnSequences: boolean
  readonly returnState: boolean
  readonly goBackwards: boolean
  readonly stateful: boolean
  readonly unroll: boolean
  kernel: Variable | null = null
  recurrentKernel: Variable | null = null
  bias: Variable | null = null
  private readonly kernelInitializer: Initializer
  private readonly recurrentInitializer: Initializer
  private readonly biasInitializer: Initializer
  private readonly kernelRegularizer: Regularizer | null
  private readonly recurrentRegularizer: Regularizer | null
  private readonly biasRegularizer: Regularizer | null
  /** Private, so that its Variables are no parameters; null where the layer is not stateful. */
  readonly #carried: CarriedStates | null

  constructor(options: RecurrentOptions) {
    super(options)
    this.units = options.units
    this.activation = getActivation(
      options.activation === undefined ? tanh : (options.activation ?? linear),
    )
    this.useBias = options.useBias ?? true
    this.dropout = options.dropout ?? 0
    this.recurrentDropout = options.recurrentDropout ?? 0
    this.returnSequences = options.returnSequences ?? false
    this.returnState = options.returnState ?? false
    this.goBackwards = options.goBackwards ?? false
    this.stateful = options.stateful ?? false
    this.unroll = options.unroll ?? false
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.recurrentInitializer = getInitializer(options.recurrentInitializer ?? 'orthogonal')
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros')
    this.kernelRegularizer = getRegularizer(options.kernelRegularizer)
    this.recurrentRegularizer = getRegularizer(options.recurrentRegularizer)
    this.biasRegularizer = getRegularizer(options.biasRegularizer)
    this.#carried = this.stateful
      ? new CarriedStates(this.name, options.units, this.dtype, () => this.stateCount)
      : null
  }

  /** How many pre-activations a unit has. */
  protected abstract readonly gates: number
  /** @internal How many arrays [batch, units] the state is. */
  abstract readonly stateCount: number

  /** Whether the kernel of a whole sequence computes what is asked. */
  protected get isPlain(): boolean {
    return this.activation === tanh
  }

  /** All steps in one kernel. */
  protected abstract wholeSequence(
    pre: Tensor,
    states: readonly Tensor[],
    mask: Tensor | null,
  ): SequenceResult

  /**
   * One step from elementary operations: the states after it, the output first. `pre` is what the inputs
   * add to the gates, [batch, gates · units]; `recurrent` the state as it enters the recurrent product.
   */
  protected abstract step(
    pre: Tensor,
    recurrent: Tensor,
    states: readonly Tensor[],
  ): readonly Tensor[]

  override get hasWeights(): boolean {
    return true
  }

  override get freeAxes(): number {
    return 1
  }

  /** The sequence alone, or with all initial states. */
  override get arity(): readonly [number, number] {
    return [1, 1 + this.stateCount]
  }

  override get givesSeveral(): boolean {
    return this.returnState
  }

  override get keepsSteps(): boolean {
    return this.returnSequences
  }

  /** In the order of the outputs. */
  protected override outputMask(_x: Tensor, mask: Tensor | null): Tensor | null {
    if (mask === null || !this.returnSequences) return null
    return this.goBackwards ? flip(mask, 1) : mask
  }

  override build(inputShape: Shape): void {
    if (inputShape.length !== 2)
      throw shapeError(
        this.label,
        'inputs of shape [batch, steps, features]',
        formatShape(['batch' as never, ...inputShape]),
      )
    const { units, gates } = this
    this.kernel = this.addWeight(
      'kernel',
      [inputShape[1], gates * units],
      this.kernelInitializer,
      this.kernelRegularizer,
    )
    this.recurrentKernel = this.addWeight(
      'recurrentKernel',
      [units, gates * units],
      this.recurrentInitializer,
      this.recurrentRegularizer,
    )
    if (this.useBias)
      this.bias = this.addWeight(
        'bias',
        this.biasShape,
        this.biasStart(this.biasInitializer),
        this.biasRegularizer,
      )
  }

  protected get biasShape(): Shape {
    return [this.gates * this.units]
  }

  /** The bias's first values. */
  protected biasStart(initializer: Initializer): Initializer {
    return initializer
  }

  /** The part of the bias that is added to the inputs' product. */
  protected get inputBias(): Tensor | null {
    return this.bias
  }

  override get carried(): Carried | null {
    return this.#carried
  }

  protected call(x: Tensor): Tensor {
    return this.outputOf(this.sequence(x))
  }

  private outputOf({ outputs, states }: SequenceResult): Tensor {
    if (!this.returnSequences) return states[0]
    return this.goBackwards ? flip(outputs, 1) : outputs
  }

  /**
   * Takes a sequence, or a sequence and the states to start from, one after the other or in one list;
   * with `returnState` it gives a list, the output and then the states at the end.
   *
   * @throws AthanorError SHAPE for inputs or states that do not fit.
   * @example
   * ```ts
   * const encoder = layers.lstm({ units: 8, returnState: true })
   * const decoder = layers.lstm({ units: 8, returnSequences: true })
   * const [, hidden, cell] = encoder.forward(zeros([2, 5, 3]))
   * decoder.forward(zeros([2, 7, 4]), hidden, cell).shape // [2, 7, 8]
   * ```
   */
  override forward(...given: (Tensor | readonly Tensor[])[]): OrStates<Tensor> {
    const { x, initialState } = sequenceAndStates(given)
    const result = this.sequence(x, { initialState })
    const mask = this.outputMask(x, maskOf(x))
    const y = besideStates(this.outputOf(result), mask, this.returnState ? result.states : null)
    this.penalizeActivity(y)
    return y
  }

  /**
   * As `forward`, for symbolic tensors: a sequence, or a list of it and the states to start from.
   *
   * @throws AthanorError ARGUMENT for another number of inputs; SHAPE for shapes that do not fit.
   * @example
   * ```ts
   * const [source, target] = [input({ shape: [null, 3] }), input({ shape: [null, 4] })]
   * const [, hidden, cell] = layers.lstm({ units: 8, returnState: true }).apply(source)
   * const decoder = layers.lstm({ units: 8, returnSequences: true })
   * decoder.apply([target, hidden, cell]).shape // [null, 8]
   * ```
   */
  override apply(inputs: SymbolicInputs): OrStates<SymbolicTensor> {
    return super.apply(inputs) as OrStates<SymbolicTensor>
  }

  /**
   * The outputs of all steps, each at its own step whatever the direction, and the states at the end: for
   * decoders that go on from an encoder's states. The last step's output is `states[0]`.
   *
   * @throws AthanorError SHAPE for inputs or states that do not fit.
   * @example
   * ```ts
   * const encoder = layers.lstm({ units: 8 })
   * const decoder = layers.lstm({ units: 8, returnSequences: true })
   * const { states } = encoder.sequence(random.normal([2, 5, 3]))
   * const { outputs } = decoder.sequence(random.normal([2, 7, 4]), { initialState: states })
   * outputs.shape // [2, 7, 8]
   * ```
   */
  sequence(x: Tensor, { initialState = null }: SequenceStart = {}): SequenceResult {
    if (x.rank === 3) this.ensureBuilt(x.shape.slice(1))
    const inputs = this.kernel?.cell.leaf.shape[0]
    if (x.rank !== 3 || x.shape[2] !== inputs || x.shape[1] === 0)
      throw shapeError(
        `${this.label}`,
        `inputs of shape [batch, steps ≥ 1, ${inputs ?? 'features'}]`,
        formatShape(x.shape),
      )
    const [batch] = x.shape
    const mask = maskOf(x)
    if (this.goBackwards) refuseOtherSteps(this.name, x)
    const step = initialState === null && !this.goBackwards ? cacheStep() : null
    const carried = initialState === null && step === null ? this.#carried : null
    const given =
      initialState ??
      step?.cache.statesOf(this, step, this.zeroStates(batch)) ??
      carried?.read(batch) ??
      null
    const states = given?.map(s => cast(s, this.dtype)) ?? this.zeroStates(batch)
    this.checkStates(states, batch)
    const product = matmul(this.dropped(cast(x, this.dtype)), this.kernel!)
    const bias = this.inputBias
    const pre = bias === null ? product : add(product, bias)
    const stepwise = this.unroll || !this.isPlain || (this.training && this.recurrentDropout > 0)
    const result = stepwise
      ? this.unrolled(pre, states, mask)
      : this.wholeSequence(pre, states, mask)
    step?.cache.keepStates(this, result.states)
    carried?.keep(result.states.map(stopGradient))
    // Before a row's first step that counts, its output is 0 though its state may be none.
    return mask === null || given === null ? result : { ...result, ...this.started(result, mask) }
  }

  private started({ outputs }: SequenceResult, mask: Tensor) {
    const counted = cumsum(mask, { axis: 1, reverse: this.goBackwards })
    return { outputs: where(greater(reshape(counted, [...counted.shape, 1]), 0), outputs, 0) }
  }

  private zeroStates(batch: number): Tensor[] {
    const { units, dtype } = this
    return Array.from({ length: this.stateCount }, () => zeros([batch, units], { dtype }))
  }

  private checkStates(states: readonly Tensor[], batch: number): void {
    const wanted = formatShape([batch, this.units])
    if (states.length === this.stateCount && states.every(s => formatShape(s.shape) === wanted))
      return
    throw shapeError(
      this.label,
      `${this.stateCount} initial state${this.stateCount > 1 ? 's' : ''} of shape ${wanted}`,
      states.map(s => formatShape(s.shape)).join(' and ') || 'none',
    )
  }

  /** Inputs with dropout: one draw for all steps of a row. */
  private dropped(x: Tensor): Tensor {
    if (!this.training || this.dropout === 0) return x
    const [batch, , features] = x.shape
    return this.drop(x, [batch, 1, features], this.dropout)
  }

  private drop(x: Tensor, shape: Shape, rate: number): Tensor {
    return where(this.kept(shape, rate), mul(x, 1 / (1 - rate)), 0)
  }

  private kept(shape: Shape, rate: number): Tensor {
    return this.draws.bernoulli(shape, 1 - rate)
  }

  private unrolled(pre: Tensor, start: readonly Tensor[], mask: Tensor | null): SequenceResult {
    const [batch, steps] = pre.shape
    const rate = this.training ? this.recurrentDropout : 0
    const keep = rate === 0 ? null : this.kept([batch, this.units], rate)
    const outputs = new Array<Tensor>(steps)
    let states = start
    for (let n = 0; n < steps; n++) {
      const t = this.goBackwards ? steps - 1 - n : n
      const [hidden] = states
      const recurrent = keep === null ? hidden : where(keep, mul(hidden, 1 / (1 - rate)), 0)
      const next = this.step(slice(pre, null, t), recurrent, states)
      const counts = mask === null ? null : slice(mask, null, [t, t + 1])
      states = counts === null ? next : next.map((s, i) => where(counts, s, states[i]))
      outputs[t] = states[0]
    }
    return { outputs: stack(outputs, { axis: 1 }), states }
  }

  override outputShape(inputShape: Shape): Shape {
    this.ensureBuilt(inputShape)
    return this.returnSequences ? [inputShape[0], this.units] : [this.units]
  }

  override flops(inputShape: Shape): number {
    const [steps, features] = inputShape
    const { units, gates } = this
    return steps * units * (gates * (2 * features + 2 * units + 3) + 6)
  }

  override config(): Record<string, unknown> {
    const { units, useBias, dropout, recurrentDropout } = this
    const { returnSequences, returnState, goBackwards, stateful, unroll } = this
    return {
      ...super.config(),
      units,
      activation: activationConfig(this.activation),
      useBias,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      recurrentInitializer: initializerConfig(this.recurrentInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
      kernelRegularizer: regularizerConfig(this.kernelRegularizer),
      recurrentRegularizer: regularizerConfig(this.recurrentRegularizer),
      biasRegularizer: regularizerConfig(this.biasRegularizer),
      dropout,
      recurrentDropout,
      returnSequences,
      returnState,
      goBackwards,
      stateful,
      unroll,
    }
  }
}
