// The encoder block of Vaswani et al. 2017, "Attention is all you need".

import { OptionTable } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Dense } from '../dense.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'
import { withinModule } from '../module.js'
import {
  type BlockOptions,
  BlockSettings,
  blockRows,
  type ResidualPart,
  tokensOf,
} from './block.js'
import type { AttentionMasks } from './mask.js'
import type { MultiHeadAttention } from './multi-head-attention.js'

export interface TransformerEncoderOptions extends LayerOptions, BlockOptions {}

const encoderOptions = new OptionTable<TransformerEncoderOptions>({
  ...layerOptions.rows,
  ...blockRows,
})

/**
 * Self-attention and two dense layers, each with a residual connection, dropout and layer normalisation:
 * [batch, tokens, features] stays. `encode` takes masks too.
 *
 * @throws AthanorError SHAPE where numHeads does not divide the features.
 * @example
 * ```ts
 * const block = layers.transformerEncoder({ intermediateDim: 32, numHeads: 2, inputShape: [10, 16] })
 * block.forward(random.normal([4, 10, 16])).shape // [4, 10, 16]
 * ```
 */
export class TransformerEncoder extends Layer {
  selfAttention: MultiHeadAttention | null = null
  attentionPart: ResidualPart | null = null
  intermediateDense: Dense | null = null
  outputDense: Dense | null = null
  densePart: ResidualPart | null = null
  private readonly settings: BlockSettings

  constructor(options: TransformerEncoderOptions) {
    super(encoderOptions.check('layers.transformerEncoder', options))
    this.settings = new BlockSettings(this.name, options)
    this.buildIfKnown()
  }

  get className() {
    return 'TransformerEncoder' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  override build(shape: Shape): void {
    const [tokens, features] = tokensOf(this.name, shape)
    const { settings } = this
    const { intermediateDim, activation } = settings
    this.selfAttention = settings.attention('self_attention', features, false)
    this.selfAttention.ensureBuilt([shape])
    this.attentionPart = settings.part('attention', shape)
    this.intermediateDense = settings.dense('intermediate', intermediateDim, shape, activation)
    this.outputDense = settings.dense('output', features, [tokens, intermediateDim])
    this.densePart = settings.part('dense', shape)
  }

  /** A mask that comes with the input keeps padding from being attended to. */
  protected call(x: Tensor): Tensor {
    return this.encoded(x, {})
  }

  override get freeAxes(): number {
    return 1
  }

  override get keepsSteps(): boolean {
    return true
  }

  /**
   * The block with masks.
   *
   * @param masks.paddingMask [batch, tokens], true or 1 for tokens, false or 0 for padding; default: the mask that `x`
   * carries
   * @example
   * ```ts
   * const block = layers.transformerEncoder({ intermediateDim: 8, numHeads: 1 })
   * block.encode(ones([1, 3, 4]), { paddingMask: tensor([[1, 1, 0]]) }).shape // [1, 3, 4]
   * ```
   */
  encode(x: Tensor, masks: AttentionMasks = {}): Tensor {
    return withinModule(this, () => {
      this.ensureBuilt(x.shape.slice(1))
      return this.encoded(x, masks)
    })
  }

  private encoded(x: Tensor, masks: AttentionMasks): Tensor {
    const attended = this.settings.around(
      this.attentionPart!,
      x,
      y => this.selfAttention!.attend(y, masks).output,
    )
    return this.settings.around(this.densePart!, attended, y =>
      this.outputDense!.forward(this.intermediateDense!.forward(y)),
    )
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override flops(inputShape: Shape): number {
    this.ensureBuilt(inputShape)
    const inner = this.intermediateDense!
    return (
      this.selfAttention!.flops([inputShape]) +
      inner.flops(inputShape) +
      this.outputDense!.flops(inner.outputShape(inputShape)) +
      this.attentionPart!.normalization.flops(inputShape) +
      this.densePart!.normalization.flops(inputShape)
    )
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), ...this.settings.config() }
  }
}
