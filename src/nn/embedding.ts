// A table of vectors looked up by whole numbers.

import type { Shape } from '../base/shape.js'
import { cast } from '../tensor/operations.js'
import { gather } from '../tensor/structure.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from './initializers/index.js'
import { checkCount, Layer, type LayerOptions } from './layer.js'
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
}

/**
 * Replaces each whole number by its vector: [batch, …] becomes [batch, …, outputDim]. A number outside
 * the table throws INDEX when the program runs. Its weights exist from the start.
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
  readonly embeddings: Variable
  private readonly embeddingsInitializer: Initializer
  private readonly embeddingsRegularizer: Regularizer | null

  constructor(options: EmbeddingOptions) {
    super(options)
    const operation = `layers.embedding (${this.name})`
    this.inputDim = checkCount(operation, 'inputDim', options.inputDim)
    this.outputDim = checkCount(operation, 'outputDim', options.outputDim)
    this.embeddingsInitializer = getInitializer(options.embeddingsInitializer ?? 'randomUniform')
    this.embeddingsRegularizer = getRegularizer(options.embeddingsRegularizer)
    const shape = [this.inputDim, this.outputDim]
    this.embeddings = this.addWeight('embeddings', shape, this.embeddingsInitializer)
    this.buildIfKnown()
  }

  get className() {
    return 'Embedding' as const
  }

  protected call(x: Tensor): Tensor {
    return gather(this.embeddings, x.dtype === 'int32' ? x : cast(x, 'int32'))
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape, this.outputDim]
  }

  /** Looking up computes nothing. */
  override flops(_inputShape: Shape): number {
    return 0
  }

  override ownRegularizationLosses(): Tensor[] {
    const losses = super.ownRegularizationLosses()
    if (this.embeddingsRegularizer !== null)
      losses.push(this.embeddingsRegularizer(this.embeddings))
    return losses
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      inputDim: this.inputDim,
      outputDim: this.outputDim,
      embeddingsInitializer: initializerConfig(this.embeddingsInitializer),
      embeddingsRegularizer: regularizerConfig(this.embeddingsRegularizer),
    }
  }
}
