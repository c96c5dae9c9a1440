// Where a token stands, as vectors that are added to what it is.

import { shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { numberIn, wholeNumber } from '../../base/value-kinds.js'
import { add, cast, mul, sin } from '../../tensor/operations.js'
import { broadcastTo, gather, reshape, slice } from '../../tensor/structure.js'
import { type Tensor, tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from '../initializers/index.js'
import { someInitializer } from '../kinds.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'
import { wholeIndices } from '../losses/loss.js'
import { cacheStep, tokenPositions } from './cache.js'

function tokensAndSize(name: string, shape: Shape): readonly [number, number] {
  if (shape.length === 2) return [shape[0], shape[1]]
  throw shapeError(name, 'inputs of shape [batch, tokens, features]', formatShape([0, ...shape]))
}

export interface SinePositionEncodingOptions extends LayerOptions {
  /** Longest period of the waves, in positions. Default: 10,000. */
  readonly maxWavelength?: number
}

const sineOptions = new OptionTable<SinePositionEncodingOptions>({
  ...layerOptions.rows,
  maxWavelength: numberIn({ above: 0 }),
})

/**
 * Sines and cosines of the position at growing wavelengths (Vaswani et al. 2017): the encodings alone, in
 * the shape of the input [batch, tokens, features], to be added to it. No weights.
 *
 * @example
 * ```ts
 * const x = input({ shape: [20, 8] })
 * layers.add().apply([x, layers.sinePositionEncoding().apply(x)])
 * ```
 */
export class SinePositionEncoding extends Layer {
  readonly maxWavelength: number

  constructor(options: SinePositionEncodingOptions = {}) {
    super(sineOptions.check('layers.sinePositionEncoding', options))
    this.maxWavelength = options.maxWavelength ?? 10_000
    this.buildIfKnown()
  }

  get className() {
    return 'SinePositionEncoding' as const
  }

  override build(inputShape: Shape): void {
    tokensAndSize(this.name, inputShape)
  }

  protected call(x: Tensor): Tensor {
    const [tokens, size] = tokensAndSize(this.name, x.shape.slice(1))
    const rate = (i: number) => this.maxWavelength ** (-(2 * Math.floor(i / 2)) / size)
    const frequencies = tensor(
      Float64Array.from({ length: size }, (_, i) => rate(i)),
      {
        dtype: x.dtype,
      },
    )
    // cos(a) = sin(a + π/2) in the odd places.
    const shifts = tensor(
      Float64Array.from({ length: size }, (_, i) => (i % 2) * (Math.PI / 2)),
      {
        dtype: x.dtype,
      },
    )
    const positions = reshape(cast(tokenPositions(tokens), x.dtype), [tokens, 1])
    return broadcastTo(sin(add(mul(positions, frequencies), shifts)), x.shape)
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), maxWavelength: this.maxWavelength }
  }
}

export interface PositionEmbeddingOptions extends LayerOptions {
  /** Most tokens of a sequence. */
  readonly sequenceLength: number
  /** Default: glorotUniform. */
  readonly initializer?: InitializerLike
}

const positionOptions = new OptionTable<PositionEmbeddingOptions>({
  ...layerOptions.rows,
  sequenceLength: required(wholeNumber({ min: 1 })),
  initializer: someInitializer,
})

/**
 * A learned vector for each position: the vectors alone, in the shape of the input [batch, tokens,
 * features], to be added to it.
 *
 * @throws AthanorError SHAPE for more tokens than `sequenceLength`.
 * @example
 * ```ts
 * layers.positionEmbedding({ sequenceLength: 32 }).forward(ones([2, 20, 8])).shape // [2, 20, 8]
 * ```
 */
export class PositionEmbedding extends Layer {
  readonly sequenceLength: number
  positionEmbeddings: Variable | null = null
  private readonly initializer: Initializer

  constructor(options: PositionEmbeddingOptions) {
    super(positionOptions.check('layers.positionEmbedding', options))
    this.sequenceLength = options.sequenceLength
    this.initializer = getInitializer(options.initializer ?? 'glorotUniform')
    this.buildIfKnown()
  }

  get className() {
    return 'PositionEmbedding' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  override build(inputShape: Shape): void {
    const [, size] = tokensAndSize(this.name, inputShape)
    const shape = [this.sequenceLength, size]
    this.positionEmbeddings = this.addWeight('positionEmbeddings', shape, this.initializer)
  }

  protected call(x: Tensor): Tensor {
    const [tokens] = tokensAndSize(this.name, x.shape.slice(1))
    if (tokens > this.sequenceLength)
      throw shapeError(
        this.name,
        `at most ${this.sequenceLength} tokens`,
        String(tokens),
        'Make it with a greater sequenceLength',
      )
    const table = this.positionEmbeddings!
    const vectors =
      cacheStep() === null ? slice(table, [0, tokens]) : gather(table, tokenPositions(tokens))
    return broadcastTo(vectors, x.shape)
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override flops(_inputShape: Shape): number {
    return 0
  }

  override config(): Record<string, unknown> {
    const { sequenceLength } = this
    return { ...super.config(), sequenceLength, initializer: initializerConfig(this.initializer) }
  }
}

export interface TokenAndPositionEmbeddingOptions extends LayerOptions {
  /** Tokens are whole numbers below it. */
  readonly vocabularySize: number
  /** Most tokens of a sequence. */
  readonly sequenceLength: number
  /** Length of each vector. */
  readonly embeddingDim: number
  /** Default: uniform in [−0.05, 0.05). */
  readonly embeddingsInitializer?: InitializerLike
}

const tokenOptions = new OptionTable<TokenAndPositionEmbeddingOptions>({
  ...layerOptions.rows,
  vocabularySize: required(wholeNumber({ min: 1 })),
  sequenceLength: required(wholeNumber({ min: 1 })),
  embeddingDim: required(wholeNumber({ min: 1 })),
  embeddingsInitializer: someInitializer,
})

/**
 * The sum of a learned vector for each token and one for its place: [batch, tokens] → [batch, tokens,
 * embeddingDim].
 *
 * @throws AthanorError SHAPE for more tokens than `sequenceLength`; INDEX, when it runs, for a token outside
 * the vocabulary.
 * @example
 * ```ts
 * const layer = layers.tokenAndPositionEmbedding({ vocabularySize: 50, sequenceLength: 16, embeddingDim: 8 })
 * layer.forward(tensor([[4, 9]], { dtype: 'int32' })).shape // [1, 2, 8]
 * ```
 */
export class TokenAndPositionEmbedding extends Layer {
  readonly vocabularySize: number
  readonly sequenceLength: number
  readonly embeddingDim: number
  readonly tokenEmbeddings: Variable
  readonly positionEmbeddings: Variable
  private readonly embeddingsInitializer: Initializer

  constructor(options: TokenAndPositionEmbeddingOptions) {
    super(tokenOptions.check('layers.tokenAndPositionEmbedding', options))
    const { vocabularySize, sequenceLength, embeddingDim } = options
    this.vocabularySize = vocabularySize
    this.sequenceLength = sequenceLength
    this.embeddingDim = embeddingDim
    this.embeddingsInitializer = getInitializer(options.embeddingsInitializer ?? 'randomUniform')
    const table = (name: string, rows: number) =>
      this.addWeight(name, [rows, embeddingDim], this.embeddingsInitializer)
    this.tokenEmbeddings = table('tokenEmbeddings', vocabularySize)
    this.positionEmbeddings = table('positionEmbeddings', sequenceLength)
    this.buildIfKnown()
  }

  get className() {
    return 'TokenAndPositionEmbedding' as const
  }

  protected call(x: Tensor): Tensor {
    if (x.rank !== 2 || x.shape[1] > this.sequenceLength)
      throw shapeError(
        this.name,
        `tokens of shape [batch, at most ${this.sequenceLength}]`,
        formatShape(x.shape),
      )
    const words = gather(this.tokenEmbeddings, wholeIndices(x))
    const places = this.positionEmbeddings
    const vectors =
      cacheStep() === null
        ? slice(places, [0, x.shape[1]])
        : gather(places, tokenPositions(x.shape[1]))
    return add(words, vectors)
  }

  override get freeAxes(): number {
    return 1
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape, this.embeddingDim]
  }

  override config(): Record<string, unknown> {
    const { vocabularySize, sequenceLength, embeddingDim } = this
    return {
      ...super.config(),
      vocabularySize,
      sequenceLength,
      embeddingDim,
      embeddingsInitializer: initializerConfig(this.embeddingsInitializer),
    }
  }
}
