// Attention of several heads (Vaswani et al. 2017): softmax(Q · Kᵀ / √keyDim) · V for each head.

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { numberIn, orNull, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { add, matmul, mul, softmax } from '../../tensor/operations.js'
import { concat, reshape, slice, transpose } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import { Dropout } from '../dropout.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from '../initializers/index.js'
import { someInitializer, someRegularizer } from '../kinds.js'
import { maskOf } from '../mask.js'
import { withinModule } from '../module.js'
import {
  MultiInputLayer,
  type MultiInputLayerOptions,
  multiInputLayerOptions,
} from '../multi-input-layer.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from '../regularizers.js'
import { cacheStep, refuseOtherSteps } from './cache.js'
import { type AttentionMasks, combinedMask, masked } from './mask.js'
import { noteAttention } from './record-attention.js'
import { checkEven, rotated } from './rotary.js'

export interface MultiHeadAttentionOptions extends MultiInputLayerOptions {
  readonly numHeads: number
  /** Size of a head's queries and keys. */
  readonly keyDim: number
  /** Size of a head's values. Default: keyDim. */
  readonly valueDim?: number | null
  /** Share of the attention weights that are dropped in training. Default: 0. */
  readonly dropout?: number
  /** Default: true. */
  readonly useBias?: boolean
  /** Features of the output. Default: those of the query. */
  readonly outputDim?: number | null
  /** Whether a token attends to those before it only. Default: false. */
  readonly useCausalMask?: boolean
  /** Whether positions turn queries and keys (see `rotaryEmbedding`). Default: false. */
  readonly useRotary?: boolean
  /** Draws of the dropout. Default: the shared generator. */
  readonly seed?: number
  /** Default: glorotUniform. */
  readonly kernelInitializer?: InitializerLike
  /** Default: zeros. */
  readonly biasInitializer?: InitializerLike
  readonly kernelRegularizer?: RegularizerLike | null
  readonly biasRegularizer?: RegularizerLike | null
}

const attentionOptions = new OptionTable<MultiHeadAttentionOptions>({
  ...multiInputLayerOptions.rows,
  numHeads: required(wholeNumber({ min: 1 })),
  keyDim: required(wholeNumber({ min: 1 })),
  valueDim: orNull(wholeNumber({ min: 1 })),
  dropout: numberIn({ min: 0, below: 1 }),
  useBias: trueOrFalse,
  outputDim: orNull(wholeNumber({ min: 1 })),
  useCausalMask: trueOrFalse,
  useRotary: trueOrFalse,
  seed: wholeNumber({ min: 0 }),
  kernelInitializer: someInitializer,
  biasInitializer: someInitializer,
  kernelRegularizer: orNull(someRegularizer),
  biasRegularizer: orNull(someRegularizer),
})

/** What a call of `attend` may say besides the query. */
export interface AttendOptions extends AttentionMasks {
  /** [batch, keys, features]. Default: the query, which is self-attention. */
  readonly value?: Tensor
  /** Default: the value. */
  readonly key?: Tensor
  /** Default: what the layer was made with. */
  readonly useCausalMask?: boolean
}

/** The result of `attend`. */
export interface Attended {
  /** [batch, queries, outputDim]. */
  readonly output: Tensor
  /** What each head attended to: [batch, heads, queries, keys], each row adding up to 1. */
  readonly scores: Tensor
}

type Part = 'query' | 'key' | 'value' | 'output'

/**
 * Multi-head attention as in Keras 3. `forward(query, value, key, attentionMask)`, of which all but the
 * first may be left out: [batch, queries, features] → [batch, queries, outputDim]. Keys that a mask leaves out are not
 * attended to; the query's mask is handed on. `attend` takes masks and gives the attention weights. Weights are
 * matrices [features, heads · size]; Keras's kernels [features, heads, size] are the same numbers in the same order.
 *
 * @throws AthanorError SHAPE for inputs that are no sequences, and masks that do not fit.
 * @example
 * ```ts
 * const attention = layers.multiHeadAttention({ numHeads: 2, keyDim: 4, useCausalMask: true })
 * const x = random.normal([8, 10, 16])
 * attention.forward(x).shape // [8, 10, 16]
 * attention.attend(x).scores.shape // [8, 2, 10, 10]
 * ```
 */
export class MultiHeadAttention extends MultiInputLayer {
  readonly numHeads: number
  readonly keyDim: number
  readonly valueDim: number
  readonly useBias: boolean
  readonly useCausalMask: boolean
  readonly useRotary: boolean
  queryKernel: Variable | null = null
  queryBias: Variable | null = null
  keyKernel: Variable | null = null
  keyBias: Variable | null = null
  valueKernel: Variable | null = null
  valueBias: Variable | null = null
  outputKernel: Variable | null = null
  outputBias: Variable | null = null
  private readonly dropout: Dropout
  private readonly givenOutputDim: number | null
  private readonly kernelInitializer: Initializer
  private readonly biasInitializer: Initializer
  private readonly kernelRegularizer: Regularizer | null
  private readonly biasRegularizer: Regularizer | null

  constructor(options: MultiHeadAttentionOptions) {
    super(attentionOptions.check('layers.multiHeadAttention', options))
    const { dropout = 0, seed } = options
    this.numHeads = options.numHeads
    this.keyDim = options.keyDim
    this.valueDim = options.valueDim ?? options.keyDim
    this.useBias = options.useBias ?? true
    this.useCausalMask = options.useCausalMask ?? false
    this.useRotary = options.useRotary ?? false
    this.givenOutputDim = options.outputDim ?? null
    this.dropout = new Dropout({
      rate: dropout,
      name: `${this.name}_dropout`,
      ...(seed !== undefined && { seed }),
    })
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros')
    this.kernelRegularizer = getRegularizer(options.kernelRegularizer)
    this.biasRegularizer = getRegularizer(options.biasRegularizer)
    if (this.useRotary) checkEven(`${this.name} (keyDim)`, this.keyDim)
    this.buildIfKnown()
  }

  get className() {
    return 'MultiHeadAttention' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  override get arity(): readonly [number, number] {
    return [1, 4]
  }

  override build([query, value = query, key = value]: readonly Shape[]): void {
    for (const shape of [query, value, key])
      if (shape.length !== 2)
        throw shapeError(
          this.name,
          'sequences of shape [batch, tokens, features]',
          `[${['batch', ...shape].join(', ')}]`,
        )
    const { numHeads, keyDim, valueDim } = this
    const features = ([, size]: Shape) => size
    this.addPart('query', features(query), numHeads * keyDim)
    this.addPart('key', features(key), numHeads * keyDim)
    this.addPart('value', features(value), numHeads * valueDim)
    this.addPart('output', numHeads * valueDim, this.givenOutputDim ?? features(query))
  }

  private addPart(part: Part, inputs: number, outputs: number): void {
    const { kernelInitializer, kernelRegularizer, biasInitializer, biasRegularizer } = this
    const kernel = `${part}Kernel` as const
    const bias = `${part}Bias` as const
    this[kernel] = this.addWeight(kernel, [inputs, outputs], kernelInitializer, kernelRegularizer)
    if (this.useBias) this[bias] = this.addWeight(bias, [outputs], biasInitializer, biasRegularizer)
  }

  /** Its tokens are those of the query. */
  protected override outputMask([query]: readonly Tensor[]): Tensor | null {
    return maskOf(query)
  }

  protected call([query, value, key, attentionMask]: readonly Tensor[]): Tensor {
    return this.attended(query, { value, key, attentionMask }).output
  }

  /**
   * Attention with masks, and with its weights. Within a `KeyValueCache`'s step, causal self-attention
   * sees the tokens before, and masks that are given are over all of the cache's places.
   *
   * @param options.attentionMask [queries, keys] or [batch, queries, keys], true or 1 where allowed
   * @param options.paddingMask [batch, keys], true or 1 for tokens, false or 0 for padding; default: the mask that
   * the keys carry
   * @throws AthanorError SHAPE for masks that do not fit.
   * @example
   * ```ts
   * const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 })
   * const paddingMask = tensor([[1, 1, 0]])
   * attention.attend(ones([1, 3, 2]), { paddingMask }).scores // [[[[0.5, 0.5, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]]]]
   * ```
   */
  attend(query: Tensor, options: AttendOptions = {}): Attended {
    return withinModule(this, () => {
      const { value = query, key = value } = options
      for (const x of [query, value, key])
        if (x.rank !== 3)
          throw shapeError(
            this.name,
            'sequences of shape [batch, tokens, features]',
            formatShape(x.shape),
          )
      this.ensureBuilt([query, value, key].map(x => x.shape.slice(1)))
      return { ...this.attended(query, options) }
    })
  }

  private attended(query: Tensor, options: AttendOptions): Attended {
    const { value = query, key = value, useCausalMask = this.useCausalMask } = options
    this.checkInputs(query, value, key)
    const isSelf = value === query && key === query
    let [q, k, v] = isSelf ? this.ofOne(query) : this.ofThree(query, key, value)
    if (this.useRotary) [q, k] = [rotated(q, 10_000), rotated(k, 10_000)]
    let carried = maskOf(key)
    if (isSelf && !useCausalMask) refuseOtherSteps(this.name, query)
    const step = useCausalMask && isSelf ? cacheStep() : null
    if (step !== null) {
      const all = step.cache.extended(this, step, k, v, carried)
      k = all.keys
      v = all.values
      carried = all.mask
    }
    const raw = matmul(q, k, { transposeB: true })
    const { attentionMask, paddingMask = carried } = options
    const masks = { attentionMask, paddingMask }
    const mask = combinedMask(this.name, raw.shape, masks, useCausalMask, step)
    const scores = softmax(masked(raw, mask))
    noteAttention(this.name, scores)
    const context = matmul(this.dropout.forward(scores), v)
    const [batch, queries] = query.shape
    const joined = reshape(transpose(context, [0, 2, 1, 3]), [batch, queries, -1])
    return { output: this.plusBias(matmul(joined, this.outputKernel!), this.outputBias), scores }
  }

  private checkInputs(query: Tensor, value: Tensor, key: Tensor): void {
    const fits = (x: Tensor, kernel: Variable) => x.rank === 3 && x.shape[2] === kernel.shape[0]
    const parts = [
      ['query', query, this.queryKernel!],
      ['value', value, this.valueKernel!],
      ['key', key, this.keyKernel!],
    ] as const
    for (const [name, x, kernel] of parts)
      if (!fits(x, kernel) || x.shape[0] !== query.shape[0])
        throw shapeError(
          `${this.name} (${name})`,
          `[${query.shape[0]}, tokens, ${kernel.shape[0]}]`,
          formatShape(x.shape),
        )
    if (key.shape[1] !== value.shape[1])
      throw argumentError(
        this.name,
        `as many keys as values (${value.shape[1]})`,
        String(key.shape[1]),
      )
  }

  private plusBias(x: Tensor, bias: Variable | null): Tensor {
    return bias === null ? x : add(x, bias)
  }

  /** The query's kernel and bias carry the scale 1 / √keyDim: they are smaller than what they make. */
  private scaled(weight: Tensor): Tensor {
    return mul(weight, 1 / Math.sqrt(this.keyDim))
  }

  /** [batch, tokens, heads · size] as [batch, heads, tokens, size]. */
  private heads(x: Tensor): Tensor {
    const [batch, tokens, width] = x.shape
    const { numHeads } = this
    return transpose(reshape(x, [batch, tokens, numHeads, width / numHeads]), [0, 2, 1, 3])
  }

  /** Self-attention: one product for queries, keys and values. */
  private ofOne(x: Tensor): [Tensor, Tensor, Tensor] {
    const kernels = [this.scaled(this.queryKernel!), this.keyKernel!, this.valueKernel!]
    const product = matmul(x, concat(kernels, { axis: 1 }))
    const biases = [this.queryBias, this.keyBias, this.valueBias]
    const all = this.useBias
      ? add(product, concat([this.scaled(biases[0]!), biases[1]!, biases[2]!]))
      : product
    const at = [0, 1, 2, 3].map(i => kernels.slice(0, i).reduce((sum, k) => sum + k.shape[1], 0))
    return [0, 1, 2].map(i => this.heads(slice(all, null, null, [at[i], at[i + 1]]))) as [
      Tensor,
      Tensor,
      Tensor,
    ]
  }

  private ofThree(query: Tensor, key: Tensor, value: Tensor): [Tensor, Tensor, Tensor] {
    const bias = this.queryBias === null ? null : this.scaled(this.queryBias)
    const q = matmul(query, this.scaled(this.queryKernel!))
    return [
      this.heads(bias === null ? q : add(q, bias)),
      this.heads(this.plusBias(matmul(key, this.keyKernel!), this.keyBias)),
      this.heads(this.plusBias(matmul(value, this.valueKernel!), this.valueBias)),
    ]
  }

  override outputShape([query]: readonly Shape[]): Shape {
    return [query[0], this.givenOutputDim ?? query[1]]
  }

  override flops([query, value = query, key = value]: readonly Shape[]): number {
    const { numHeads, keyDim, valueDim } = this
    const [queries, features] = query
    const [keys] = value
    const projections =
      queries * features * keyDim + keys * key[1] * keyDim + keys * value[1] * valueDim
    const out = queries * valueDim * this.outputShape([query])[1]
    return 2 * numHeads * (projections + queries * keys * (keyDim + valueDim) + out)
  }

  override config(): Record<string, unknown> {
    const { numHeads, keyDim, valueDim, useBias, useCausalMask, useRotary, dropout } = this
    return {
      ...super.config(),
      numHeads,
      keyDim,
      valueDim,
      dropout: dropout.rate,
      useBias,
      outputDim: this.givenOutputDim,
      useCausalMask,
      useRotary,
      ...(dropout.seed !== undefined && { seed: dropout.seed }),
      kernelInitializer: initializerConfig(this.kernelInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
      kernelRegularizer: regularizerConfig(this.kernelRegularizer),
      biasRegularizer: regularizerConfig(this.biasRegularizer),
    }
  }
}
