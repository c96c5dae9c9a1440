// A sequence read in both directions (Schuster & Paliwal 1997).

import { argumentError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { oneOf, tested } from '../../base/value-kinds.js'
import { add, mul } from '../../tensor/operations.js'
import { concat, stack } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'
import { maskOf } from '../mask.js'
import type { SymbolicInputs, SymbolicTensor } from '../symbolic.js'
import { RecurrentLayer } from './recurrent-layer.js'
import { besideStates, type OrStates, sequenceAndStates } from './with-states.js'

const mergers = {
  concat: (a: Tensor, b: Tensor) => concat([a, b], { axis: -1 }),
  sum: add,
  mul,
  ave: (a: Tensor, b: Tensor) => mul(add(a, b), 0.5),
  none: (a: Tensor, b: Tensor) => stack([a, b], { axis: -1 }),
} satisfies Record<string, (a: Tensor, b: Tensor) => Tensor>

/** How the outputs of the two directions become one. */
export type MergeMode = keyof typeof mergers

/** Options of `layers.bidirectional`. */
export interface BidirectionalOptions extends LayerOptions {
  /** The layer that reads in its own direction; a copy of it reads in the other. */
  readonly layer: RecurrentLayer
  /** The layer of the other direction. Default: a copy of `layer` with `goBackwards` turned round. */
  readonly backwardLayer?: RecurrentLayer
  /**
   * concat: features beside each other; sum, mul, ave: element by element; none: both, along a new last
   * axis of size 2. Default: concat.
   */
  readonly mergeMode?: MergeMode
}

const someRecurrent = tested<RecurrentLayer>(
  'a recurrent layer',
  value => value instanceof RecurrentLayer,
  [1, null, {}],
)

const bidirectionalOptions = new OptionTable<BidirectionalOptions>({
  ...layerOptions.rows,
  layer: required(someRecurrent),
  backwardLayer: someRecurrent,
  mergeMode: oneOf(['concat', 'sum', 'mul', 'ave', 'none']),
})

type Maker = new (config: object) => RecurrentLayer

/** The same options for the other direction, with fresh weights. */
function turnedRound(layer: RecurrentLayer): RecurrentLayer {
  const config = { ...layer.config(), goBackwards: !layer.goBackwards }
  return new (layer.constructor as Maker)({ ...config, name: `backward_${layer.name}` })
}

/**
 * Two recurrent layers over one sequence, in opposite directions. With `returnSequences` the outputs of
 * each step meet, else those of the steps that each computes last.
 *
 * @throws AthanorError ARGUMENT where the layer is not recurrent, or where the two are not for opposite
 * directions or return different things.
 * @example
 * ```ts
 * const both = layers.bidirectional({ layer: layers.lstm({ units: 8, returnSequences: true }) })
 * both.forward(random.normal([2, 5, 4])).shape // [2, 5, 16]
 * ```
 */
export class Bidirectional extends Layer {
  readonly forwardLayer: RecurrentLayer
  readonly backwardLayer: RecurrentLayer
  readonly mergeMode: MergeMode

  constructor(options: BidirectionalOptions) {
    super(bidirectionalOptions.check('layers.bidirectional', options))
    const { layer, backwardLayer, mergeMode = 'concat' } = options
    this.forwardLayer = layer
    this.backwardLayer = backwardLayer ?? turnedRound(layer)
    this.mergeMode = mergeMode
    this.checkPair()
    this.buildIfKnown()
  }

  private checkPair(): void {
    const { forwardLayer: a, backwardLayer: b } = this
    if (a.goBackwards === b.goBackwards)
      throw argumentError(
        'layers.bidirectional',
        'layers for opposite directions',
        `two with goBackwards: ${a.goBackwards}`,
      )
    if (a.returnSequences !== b.returnSequences)
      throw argumentError(
        'layers.bidirectional',
        'layers that agree on returnSequences',
        `${a.returnSequences} and ${b.returnSequences}`,
      )
    if (a.returnState !== b.returnState)
      throw argumentError(
        'layers.bidirectional',
        'layers that agree on returnState',
        `${a.returnState} and ${b.returnState}`,
      )
  }

  get className() {
    return 'Bidirectional' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  override get freeAxes(): number {
    return this.forwardLayer.freeAxes
  }

  override get keepsSteps(): boolean {
    return this.forwardLayer.returnSequences
  }

  override build(inputShape: Shape): void {
    this.forwardLayer.ensureBuilt(inputShape)
    this.backwardLayer.ensureBuilt(inputShape)
  }

  /** The sequence alone, or with all initial states: those of the forward layer, then of the other. */
  override get arity(): readonly [number, number] {
    return [1, 1 + this.forwardLayer.stateCount + this.backwardLayer.stateCount]
  }

  override get givesSeveral(): boolean {
    return this.forwardLayer.returnState
  }

  protected call(x: Tensor): Tensor {
    return this.both(x, null).output
  }

  private both(x: Tensor, given: readonly Tensor[] | null) {
    const { forwardLayer, backwardLayer } = this
    const ahead = forwardLayer.stateCount
    const results = [forwardLayer, backwardLayer].map((layer, i) => {
      const initialState = given && (i === 0 ? given.slice(0, ahead) : given.slice(ahead))
      const { outputs, states } = layer.sequence(x, { initialState })
      return { output: layer.returnSequences ? outputs : states[0], states }
    })
    const [a, b] = results.map(({ output }) => output)
    const states = results.flatMap(result => result.states)
    return { output: mergers[this.mergeMode](a, b), states }
  }

  /**
   * Takes and gives states as its layers do: with `returnState` a list, the output, the states of the
   * forward layer and those of the other.
   *
   * @throws AthanorError SHAPE for inputs or states that do not fit.
   * @example
   * ```ts
   * const layer = layers.gru({ units: 8, returnState: true })
   * const read = layers.bidirectional({ layer }).apply(input({ shape: [null, 3] }))
   * ```
   */
  override forward(...given: (Tensor | readonly Tensor[])[]): OrStates<Tensor> {
    const { x, initialState } = sequenceAndStates(given)
    if (x.rank > 0) this.ensureBuilt(x.shape.slice(1))
    const { output, states } = this.both(x, initialState)
    const mask = this.outputMask(x, maskOf(x))
    const y = besideStates(output, mask, this.givesSeveral ? states : null)
    this.penalizeActivity(y)
    return y
  }

  /** As `forward`, for symbolic tensors. */
  override apply(inputs: SymbolicInputs): OrStates<SymbolicTensor> {
    return super.apply(inputs) as OrStates<SymbolicTensor>
  }

  override outputShape(inputShape: Shape): Shape {
    const own = this.forwardLayer.outputShape(inputShape)
    if (this.mergeMode === 'none') return [...own, 2]
    if (this.mergeMode !== 'concat') return own
    return [...own.slice(0, -1), this.forwardLayer.units + this.backwardLayer.units]
  }

  override flops(inputShape: Shape): number {
    return this.forwardLayer.flops(inputShape) + this.backwardLayer.flops(inputShape)
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      layer: this.forwardLayer.toJSON(),
      backwardLayer: this.backwardLayer.toJSON(),
      mergeMode: this.mergeMode,
    }
  }
}
