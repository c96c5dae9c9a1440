// The decoder block of Vaswani et al. 2017; without an encoder's output, the block of language models.

import { OptionTable } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { trueOrFalse } from '../../base/value-kinds.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Dense } from '../dense.js'
import { maskOf } from '../mask.js'
import { withinModule } from '../module.js'
import {
  MultiInputLayer,
  type MultiInputLayerOptions,
  multiInputLayerOptions,
} from '../multi-input-layer.js'
import {
  type BlockOptions,
  BlockSettings,
  blockRows,
  type ResidualPart,
  tokensOf,
} from './block.js'
import type { MultiHeadAttention } from './multi-head-attention.js'

export interface TransformerDecoderOptions extends MultiInputLayerOptions, BlockOptions {
  /** Whether a token attends to those before it only. Default: true. */
  readonly useCausalMask?: boolean
}

const decoderOptions = new OptionTable<TransformerDecoderOptions>({
  ...multiInputLayerOptions.rows,
  ...blockRows,
  useCausalMask: trueOrFalse,
})

/** Masks of a decoder block. */
export interface DecoderMasks {
  /** [batch, tokens] of the decoder's own sequence: true or 1 for tokens. Default: the mask that it carries. */
  readonly paddingMask?: Tensor | null
  /** [tokens, tokens] or [batch, tokens, tokens]: true or 1 where attention is allowed. */
  readonly attentionMask?: Tensor | null
  /** [batch, tokens] of the encoder's sequence. Default: the mask that it carries. */
  readonly encoderPaddingMask?: Tensor | null
  /** [tokens, encoder tokens] or [batch, tokens, encoder tokens]. */
  readonly encoderAttentionMask?: Tensor | null
}

/**
 * Causal self-attention, attention to an encoder's output where there is one, and two dense layers, each
 * with a residual connection, dropout and layer normalisation: [batch, tokens, features] stays.
 * `forward(x)` or `forward(x, encoded)`; `decode` takes masks too. With a `KeyValueCache`, tokens are
 * generated one at a time.
 *
 * @throws AthanorError SHAPE where numHeads does not divide the features; ARGUMENT for an encoder's output
 * given to a block that was built without one, or the other way round.
 * @example
 * ```ts
 * const block = layers.transformerDecoder({ intermediateDim: 32, numHeads: 2 })
 * block.forward(random.normal([4, 10, 16])).shape // [4, 10, 16]
 * ```
 */
export class TransformerDecoder extends MultiInputLayer {
  readonly useCausalMask: boolean
  selfAttention: MultiHeadAttention | null = null
  selfAttentionPart: ResidualPart | null = null
  crossAttention: MultiHeadAttention | null = null
  crossAttentionPart: ResidualPart | null = null
  intermediateDense: Dense | null = null
  outputDense: Dense | null = null
  densePart: ResidualPart | null = null
  private readonly settings: BlockSettings

  constructor(options: TransformerDecoderOptions) {
    super(decoderOptions.check('layers.transformerDecoder', options))
    this.useCausalMask = options.useCausalMask ?? true
    this.settings = new BlockSettings(this.name, options)
    this.buildIfKnown()
  }

  get className() {
    return 'TransformerDecoder' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  /** One or two; once it is built, as many as it was built for. */
  override get arity(): readonly [number, number] {
    if (this.inputShapes === null) return [1, 2]
    return [this.inputShapes.length, this.inputShapes.length]
  }

  override build([shape, encoder]: readonly Shape[]): void {
    const [tokens, features] = tokensOf(this.name, shape)
    const { settings } = this
    const { intermediateDim, activation } = settings
    this.selfAttention = settings.attention('self_attention', features, this.useCausalMask)
    this.selfAttention.ensureBuilt([shape])
    this.selfAttentionPart = settings.part('self_attention_part', shape)
    if (encoder !== undefined) {
      tokensOf(this.name, encoder)
      this.crossAttention = settings.attention('cross_attention', features, false)
      this.crossAttention.ensureBuilt([shape, encoder])
      this.crossAttentionPart = settings.part('cross_attention_part', shape)
    }
    this.intermediateDense = settings.dense('intermediate', intermediateDim, shape, activation)
    this.outputDense = settings.dense('output', features, [tokens, intermediateDim])
    this.densePart = settings.part('dense', shape)
  }

  protected call([x, encoded]: readonly Tensor[]): Tensor {
    return this.decoded(x, encoded, {})
  }

  protected override outputMask([x]: readonly Tensor[]): Tensor | null {
    return maskOf(x)
  }

  /**
   * The block with masks.
   *
   * @param encoded the encoder's output, or null
   * @example
   * ```ts
   * const block = layers.transformerDecoder({ intermediateDim: 8, numHeads: 1 })
   * block.decode(ones([1, 3, 4]), ones([1, 5, 4]), { encoderPaddingMask: tensor([[1, 1, 1, 0, 0]]) }).shape // [1, 3, 4]
   * ```
   */
  decode(x: Tensor, encoded: Tensor | null = null, masks: DecoderMasks = {}): Tensor {
    return withinModule(this, () => {
      const inputs = encoded === null ? [x] : [x, encoded]
      this.ensureBuilt(inputs.map(one => one.shape.slice(1)))
      if (this.inputShapes!.length !== inputs.length) return this.forward(...inputs)
      return this.decoded(x, encoded ?? undefined, masks)
    })
  }

  private decoded(x: Tensor, encoded: Tensor | undefined, masks: DecoderMasks): Tensor {
    const { paddingMask, attentionMask, encoderPaddingMask, encoderAttentionMask } = masks
    let y = this.settings.around(
      this.selfAttentionPart!,
      x,
      own => this.selfAttention!.attend(own, { paddingMask, attentionMask }).output,
    )
    if (encoded !== undefined)
      y = this.settings.around(this.crossAttentionPart!, y, own => {
        const given = { paddingMask: encoderPaddingMask, attentionMask: encoderAttentionMask }
        return this.crossAttention!.attend(own, { value: encoded, ...given }).output
      })
    return this.settings.around(this.densePart!, y, own =>
      this.outputDense!.forward(this.intermediateDense!.forward(own)),
    )
  }

  override outputShape([shape]: readonly Shape[]): Shape {
    return shape
  }

  override flops(shapes: readonly Shape[]): number {
    this.ensureBuilt(shapes)
    const [shape, encoder] = shapes
    const inner = this.intermediateDense!
    const cross =
      encoder === undefined || this.crossAttention === null
        ? 0
        : this.crossAttention.flops([shape, encoder]) +
          this.crossAttentionPart!.normalization.flops(shape)
    return (
      this.selfAttention!.flops([shape]) +
      cross +
      inner.flops(shape) +
      this.outputDense!.flops(inner.outputShape(shape)) +
      this.selfAttentionPart!.normalization.flops(shape) +
      this.densePart!.normalization.flops(shape)
    )
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), useCausalMask: this.useCausalMask, ...this.settings.config() }
  }
}
