// A language model of transformer blocks that see what stands before only (Radford et al. 2019, GPT-2: normalised
// before each part; positions are learned vectors).

import { argumentError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { numberIn, wholeNumber } from '../../base/value-kinds.js'
import {
  dense,
  dropout as dropoutLayer,
  layerNormalization,
  tokenAndPositionEmbedding,
  transformerDecoder,
} from '../../nn/layers.js'
import { type Model, sequential } from '../../train/model.js'

/** Options of `transformerLanguageModel`. */
export interface TransformerLanguageModelOptions {
  /** Ids are below this: `tokenizer.size`. */
  readonly vocabulary: number
  /** Tokens that it sees at most. */
  readonly context: number
  /** Length of each token's vector, through all blocks. Default: 128. */
  readonly width?: number
  /** Heads of attention, which divide the width. Default: 4. */
  readonly heads?: number
  /** Blocks. Default: 4. */
  readonly layers?: number
  /** Share of the units silenced in training. Default: 0. */
  readonly dropout?: number
}

/** @internal */
export const transformerLanguageModelOptions = new OptionTable<TransformerLanguageModelOptions>({
  vocabulary: required(wholeNumber({ min: 1 })),
  context: required(wholeNumber({ min: 1 })),
  width: wholeNumber({ min: 1 }),
  heads: wholeNumber({ min: 1 }),
  layers: wholeNumber({ min: 1 }),
  dropout: numberIn({ min: 0, below: 1 }),
})

/**
 * Ids [batch, steps] to logits [batch, steps, vocabulary] of each next token; at most `context` steps. With V tokens,
 * width W, context C and L blocks: (V + C)·W + L·(12·W² + 13·W) + 2·W + (W + 1)·V parameters.
 *
 * @throws AthanorError ARGUMENT for a wrong option, or a width that the heads do not divide.
 * @example
 * ```ts
 * const net = transformerLanguageModel({ vocabulary: 50, context: 16, width: 8, heads: 2, layers: 1 })
 * net.parameters().reduce((sum, parameter) => sum + parameter.size, 0) // 1866
 * ```
 */
export function transformerLanguageModel(options: TransformerLanguageModelOptions): Model {
  const checked = transformerLanguageModelOptions.check('transformerLanguageModel', options)
  const { vocabulary, context, width = 128, heads = 4, layers = 4, dropout = 0 } = checked
  requireHeads('transformerLanguageModel', width, heads)
  const blocks = Array.from({ length: layers }, (_, i) =>
    transformerDecoder({
      intermediateDim: 4 * width,
      numHeads: heads,
      dropout,
      activation: 'gelu',
      normalizeFirst: true,
      ...(i === 0 ? { inputShapes: [[context, width]] } : {}),
    }),
  )
  return sequential([
    tokenAndPositionEmbedding({
      vocabularySize: vocabulary,
      sequenceLength: context,
      embeddingDim: width,
      inputShape: [context],
    }),
    ...(dropout > 0 ? [dropoutLayer({ rate: dropout })] : []),
    ...blocks,
    layerNormalization({ epsilon: 1e-5 }),
    dense({ units: vocabulary }),
  ])
}

/** @throws AthanorError ARGUMENT where heads do not divide the width. */
export function requireHeads(operation: string, width: number, heads: number): void {
  if (width % heads !== 0)
    throw argumentError(operation, `a width that ${heads} heads divide`, String(width))
}
