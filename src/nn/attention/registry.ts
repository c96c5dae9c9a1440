// Attention layers that saved models may name.

import { MultiHeadAttention } from './multi-head-attention.js'
import { PositionEmbedding, SinePositionEncoding, TokenAndPositionEmbedding } from './positions.js'
import { RotaryEmbedding } from './rotary.js'
import { TransformerDecoder } from './transformer-decoder.js'
import { TransformerEncoder } from './transformer-encoder.js'

export const attentionLayers = {
  MultiHeadAttention,
  PositionEmbedding,
  RotaryEmbedding,
  SinePositionEncoding,
  TokenAndPositionEmbedding,
  TransformerDecoder,
  TransformerEncoder,
} as const
