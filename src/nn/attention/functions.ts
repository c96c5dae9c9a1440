// Attention as functions of `layers`. Options and examples are those of the classes.

import { MultiHeadAttention, type MultiHeadAttentionOptions } from './multi-head-attention.js'
import {
  PositionEmbedding,
  type PositionEmbeddingOptions,
  SinePositionEncoding,
  type SinePositionEncodingOptions,
  TokenAndPositionEmbedding,
  type TokenAndPositionEmbeddingOptions,
} from './positions.js'
import { RotaryEmbedding, type RotaryEmbeddingOptions } from './rotary.js'
import { TransformerDecoder, type TransformerDecoderOptions } from './transformer-decoder.js'
import { TransformerEncoder, type TransformerEncoderOptions } from './transformer-encoder.js'

/**
 * softmax(Q · Kᵀ / √keyDim) · V for each of several heads.
 *
 * @example
 * ```ts
 * layers.multiHeadAttention({ numHeads: 4, keyDim: 32, dropout: 0.1 })
 * ```
 */
export const multiHeadAttention = (options: MultiHeadAttentionOptions): MultiHeadAttention =>
  new MultiHeadAttention(options)

/**
 * Self-attention and two dense layers with residual connections.
 *
 * @example
 * ```ts
 * layers.transformerEncoder({ intermediateDim: 512, numHeads: 4, dropout: 0.1, normalizeFirst: true })
 * ```
 */
export const transformerEncoder = (options: TransformerEncoderOptions): TransformerEncoder =>
  new TransformerEncoder(options)

/**
 * Causal self-attention, attention to an encoder's output where there is one, and two dense layers.
 *
 * @example
 * ```ts
 * layers.transformerDecoder({ intermediateDim: 512, numHeads: 4, useRotary: true })
 * ```
 */
export const transformerDecoder = (options: TransformerDecoderOptions): TransformerDecoder =>
  new TransformerDecoder(options)

/** Sines and cosines of the position, to be added to the input. */
export const sinePositionEncoding = (options?: SinePositionEncodingOptions): SinePositionEncoding =>
  new SinePositionEncoding(options)

/** Features turned by the position, pair by pair. */
export const rotaryEmbedding = (options?: RotaryEmbeddingOptions): RotaryEmbedding =>
  new RotaryEmbedding(options)

/** A learned vector for each position, to be added to the input. */
export const positionEmbedding = (options: PositionEmbeddingOptions): PositionEmbedding =>
  new PositionEmbedding(options)

/** The sum of a learned vector for each token and one for its place. */
export const tokenAndPositionEmbedding = (
  options: TokenAndPositionEmbeddingOptions,
): TokenAndPositionEmbedding => new TokenAndPositionEmbedding(options)
