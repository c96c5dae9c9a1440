// Nets that tell texts apart: ids in, one logit for each class out.

import { OptionTable, required } from '../../base/options.js'
import { numberIn, oneOf, wholeNumber } from '../../base/value-kinds.js'
import {
  bidirectional,
  dense,
  dropout as dropoutLayer,
  embedding,
  gru,
  lstm,
  transformerEncoder,
} from '../../nn/layers.js'
import type { Module } from '../../nn/module.js'
import { type Model, sequential } from '../../train/model.js'
import { textClassifierKinds } from './kinds.js'
import { MaskedAverage } from './masked-average.js'
import { MaskedMaximum } from './masked-maximum.js'
import { requireHeads } from './transformer-language-model.js'

/** Options of `textClassifier`. */
export interface TextClassifierOptions {
  /** Ids are below this: `tokenizer.size`. */
  readonly vocabulary: number
  readonly classes: number
  /**
   * `average`: the mean of the tokens' vectors (Joulin et al. 2017); `lstm`, `gru`: read in both directions;
   * `transformer`: blocks of attention. Of these the largest value of each unit over the tokens counts (Conneau et al.
   * 2017). Default: 'lstm'.
   */
  readonly kind?: (typeof textClassifierKinds)[number]
  /** Length of each token's vector, units of each direction of a recurrent layer. Default: 64. */
  readonly width?: number
  /** Recurrent layers or blocks. Default: 1 (transformer: 2). */
  readonly layers?: number
  /** Heads of attention, which divide the width. Default: 4. */
  readonly heads?: number
  /** Share of the units silenced in training. Default: 0. */
  readonly dropout?: number
}

/** @internal */
export const textClassifierOptions = new OptionTable<TextClassifierOptions>({
  vocabulary: required(wholeNumber({ min: 1 })),
  classes: required(wholeNumber({ min: 1 })),
  kind: oneOf(textClassifierKinds),
  width: wholeNumber({ min: 1 }),
  layers: wholeNumber({ min: 1 }),
  heads: wholeNumber({ min: 1 }),
  dropout: numberIn({ min: 0, below: 1 }),
})

/**
 * Ids [batch, steps], 0 for padding, to logits [batch, classes]. With V tokens, width W and K classes: `average`
 * V·W + (W + 1)·K parameters; `lstm` V·W + 2·4·W·(2·W + 1) + (2·W + 1)·K (each further layer 2·4·W·(3·W + 1)), `gru`
 * V·W + 2·3·W·(2·W + 2) + (2·W + 1)·K; `transformer` V·W + L·(12·W² + 13·W) + (W + 1)·K with L blocks (positions turn
 * queries and keys, so they need none).
 *
 * @throws AthanorError ARGUMENT for a wrong option, or a width that the heads do not divide.
 * @example
 * ```ts
 * const net = textClassifier({ vocabulary: 100, classes: 3, kind: 'average', width: 8 })
 * net.parameters().reduce((sum, parameter) => sum + parameter.size, 0) // 827
 * ```
 */
export function textClassifier(options: TextClassifierOptions): Model {
  const checked = textClassifierOptions.check('textClassifier', options)
  const { vocabulary, classes, kind = 'lstm', width = 64, dropout = 0 } = checked
  const { layers = kind === 'transformer' ? 2 : 1, heads = 4 } = checked
  if (kind === 'transformer') requireHeads('textClassifier', width, heads)
  const silenced = (): Module[] => (dropout > 0 ? [dropoutLayer({ rate: dropout })] : [])
  const middle: Readonly<Record<(typeof textClassifierKinds)[number], () => Module[]>> = {
    average: () => [new MaskedAverage()],
    lstm: () => recurrent(lstm, width, layers, silenced),
    gru: () => recurrent(gru, width, layers, silenced),
    transformer: () => [
      ...Array.from({ length: layers }, () =>
        transformerEncoder({
          intermediateDim: 4 * width,
          numHeads: heads,
          dropout,
          activation: 'gelu',
          useRotary: true,
        }),
      ),
      new MaskedMaximum(),
    ],
  }
  return sequential([
    embedding({ inputDim: vocabulary, outputDim: width, maskZero: true, inputShape: [1] }),
    ...silenced(),
    ...middle[kind](),
    ...silenced(),
    dense({ units: classes }),
  ])
}

function recurrent(
  cell: typeof lstm | typeof gru,
  units: number,
  layers: number,
  silenced: () => Module[],
): Module[] {
  const each = Array.from({ length: layers }, (_, i) => [
    bidirectional({ layer: cell({ units, returnSequences: true }) }),
    ...(i + 1 < layers ? silenced() : []),
  ])
  return [...each.flat(), new MaskedMaximum()]
}
