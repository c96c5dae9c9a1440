// A table of vectors looked up by whole numbers.

import { OptionTable, required } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { orNull, trueOrFalse, wholeNumber } from '../base/value-kinds.js'
import { notEqual } from '../tensor/operations.js'
import { gather } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from './initializers/index.js'
import { someInitializer, someRegularizer } from './kinds.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'
import { wholeIndices } from './losses/loss.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from './regularizers.js'

export interface EmbeddingOptions extends LayerOptions {
  /** How many different numbers there are: inputs are 0 to inputDim − 1. */
  readonly inputDim: number
  /** Length of each vector. */
  readonly outputDim: number
  /** Default: uniform in [−0.05, 0.05). (PyTorch: normal with deviation 1.) */
  readonly embeddingsInitializer?: InitializerLike
  readonly embeddingsRegularizer?: RegularizerLike | null
  /**
   * The number 0 is padding: the result carries a mask that leaves it out, for inputs [batch, steps].
   * Default: false.
   */
  readonly maskZero?: boolean
}

const embeddingOptions = new OptionTable<EmbeddingOptions>({
  ...layerOptions.rows,
  inputDim: required(wholeNumber({ min: 1 })),
  outputDim: required(wholeNumber({ min: 1 })),
  embeddingsInitializer: someInitializer,
  embeddingsRegularizer: orNull(someRegularizer),
  maskZero: trueOrFalse,
})

/**
 * Replaces each whole number by its vector: [batch, …] becomes [batch, …, outputDim]. A number outside
 * the table, or a fraction, throws INDEX when the program runs. Its weights exist from the start.
 *
 * @example
 * ```ts
 * const words = layers.embedding({ inputDim: 1000, outputDim: 16 })
 * words.forward(tensor([[4, 7, 9]], { dtype: 'int32' })).shape // [1, 3, 16]
 * ```
 */
export class Embedding extends Layer {
  readonly inputDim: number
  readonly outputDim: number
  readonly maskZero: boolean
  readonly embeddings: Variable
  private readonly embeddingsInitializer: Initializer
  private readonly embeddingsRegularizer: Regularizer | null

  constructor(options: EmbeddingOptions) {
    super(embeddingOptions.check('layers.embedding', options))
    this.inputDim = options.inputDim
    this.outputDim = options.outputDim
    this.maskZero = options.maskZero ?? false
    this.embeddingsInitializer = getInitializer(options.embeddingsInitializer ?? 'randomUniform')
    this.embeddingsRegularizer = getRegularizer(options.embeddingsRegularizer)
    this.embeddings = this.addWeight(
      'embeddings',
      [this.inputDim, this.outputDim],
      this.embeddingsInitializer,
      this.embeddingsRegularizer,
    )
    this.buildIfKnown()
  }

  get className() {
    return 'Embedding' as const
  }

  protected call(x: Tensor): Tensor {
    return gather(this.embeddings, wholeIndices(x))
  }

  protected override outputMask(x: Tensor): Tensor | null {
    return this.maskZero && x.rank === 2 ? notEqual(x, 0) : null
  }

  override get freeAxes(): number {
    return Number.POSITIVE_INFINITY
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape, this.outputDim]
  }

  /** Looking up computes nothing. */
  override flops(_inputShape: Shape): number {
    return 0
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      inputDim: this.inputDim,
      outputDim: this.outputDim,
      embeddingsInitializer: initializerConfig(this.embeddingsInitializer),
      embeddingsRegularizer: regularizerConfig(this.embeddingsRegularizer),
      maskZero: this.maskZero,
    }
  }
}
