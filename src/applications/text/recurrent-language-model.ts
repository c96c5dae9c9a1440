// A language model of recurrent layers: embedding, LSTM or GRU layers, logits.

import { OptionTable, required } from '../../base/options.js'
import { numberIn, oneOf, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { dense, dropout as dropoutLayer, embedding, gru, lstm } from '../../nn/layers.js'
import type { Module } from '../../nn/module.js'
import { type Model, sequential } from '../../train/model.js'

/** Options of `lstmLanguageModel`. */
export interface RecurrentLanguageModelOptions {
  /** Ids are below this: `tokenizer.size`. */
  readonly vocabulary: number
  /** Length of each token's vector. Default: 64. */
  readonly embedding?: number
  /** Units of each recurrent layer. Default: 256. */
  readonly units?: number
  /** Recurrent layers. Default: 1. */
  readonly layers?: number
  /** Default: 'lstm'. */
  readonly cell?: 'lstm' | 'gru'
  /**
   * Share of the units between layers silenced in training, and half as much of the tokens' vectors, the same features
   * through all steps of a row (Gal and Ghahramani 2016). Default: 0.
   */
  readonly dropout?: number
  /**
   * Whether each batch goes on where the one before ended, row by row, as `StreamWindows` gives them. Default: false,
   * each row stands for itself.
   */
  readonly stateful?: boolean
}

/** @internal */
export const recurrentLanguageModelOptions = new OptionTable<RecurrentLanguageModelOptions>({
  vocabulary: required(wholeNumber({ min: 1 })),
  embedding: wholeNumber({ min: 1 }),
  units: wholeNumber({ min: 1 }),
  layers: wholeNumber({ min: 1 }),
  cell: oneOf(['lstm', 'gru']),
  dropout: numberIn({ min: 0, below: 1 }),
  stateful: trueOrFalse,
})

/**
 * Ids [batch, steps] to logits [batch, steps, vocabulary] of each next token. With V tokens, vectors of E, one LSTM
 * of U units: V·E + 4·U·(E + U + 1) + (U + 1)·V parameters (each further layer 4·U·(2·U + 1); a GRU
 * 3·U·(E + U + 2) and 3·U·(2·U + 2)).
 *
 * @throws AthanorError ARGUMENT for a wrong option.
 * @example
 * ```ts
 * const net = lstmLanguageModel({ vocabulary: 50, embedding: 8, units: 16 })
 * net.compile({ loss: (y, logits) => losses.sparseCategoricalCrossentropy(y, logits, { fromLogits: true }) })
 * ```
 */
export function lstmLanguageModel(options: RecurrentLanguageModelOptions): Model {
  const checked = recurrentLanguageModelOptions.check('lstmLanguageModel', options)
  const { vocabulary, embedding: vector = 64, units = 256, cell = 'lstm' } = checked
  const { layers = 1, dropout = 0, stateful = false } = checked
  const recurrent = cell === 'lstm' ? lstm : gru
  const stack: Module[] = [embedding({ inputDim: vocabulary, outputDim: vector })]
  for (let i = 0; i < layers; i++) {
    stack.push(
      recurrent({
        units,
        returnSequences: true,
        stateful,
        dropout: i === 0 ? dropout / 2 : 0,
        inputShape: [1, i === 0 ? vector : units],
      }),
    )
    if (dropout > 0) stack.push(dropoutLayer({ rate: dropout }))
  }
  return sequential([...stack, dense({ units: vocabulary, inputShape: [1, units] })])
}
