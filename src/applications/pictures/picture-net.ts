// A small convolutional net in the manner of VGG, with batch normalisation: what a run on pictures trains when
// nothing is said. K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks" (2014).

import { OptionTable, required } from '../../base/options.js'
import { listOf, numberIn, wholeNumber } from '../../base/value-kinds.js'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  globalAveragePooling2d,
  maxPooling2d,
  relu,
} from '../../nn/layers.js'
import { type Model, sequential } from '../../train/model.js'
import { somePictureShape } from './picture-net-options.js'

/** Options of `pictureNet`. */
export interface PictureNetOptions {
  /** Height, width, channels; each stage but the first halves the sides. */
  readonly inputShape: readonly number[]
  readonly classes: number
  /** Filters of each stage. Default: 16, 32, 64. */
  readonly filters?: readonly number[]
  /** Share of the pooled features silenced in training. Default: 0.2. */
  readonly dropout?: number
}

const options = new OptionTable<PictureNetOptions>({
  inputShape: required(somePictureShape(4)),
  classes: required(wholeNumber({ min: 1 })),
  filters: listOf(wholeNumber({ min: 1 }), { min: 1, max: 6 }),
  dropout: numberIn({ min: 0, below: 1 }),
})

/**
 * Stages of two 3 × 3 convolutions, each normalised and rectified, with 2 × 2 maxima between them; then the mean
 * over the picture, and one dense layer: [batch, height, width, channels] → [batch, classes] logits, for
 * pictures of any size. For grey pictures and ten classes it has 72,666 parameters.
 *
 * @throws AthanorError ARGUMENT for options.
 * @example
 * ```ts
 * const net = pictureNet({ inputShape: [28, 28, 1], classes: 10 })
 * net.parameters().reduce((sum, parameter) => sum + parameter.size, 0) // 72666
 * ```
 */
export function pictureNet(given: PictureNetOptions): Model {
  const {
    inputShape,
    classes,
    filters = [16, 32, 64],
    dropout: rate = 0.2,
  } = options.check('pictureNet', given)
  const step = (count: number, isFirst: boolean) => [
    conv2d({
      filters: count,
      kernelSize: 3,
      padding: 'same',
      useBias: false,
      kernelInitializer: 'heNormal',
      ...(isFirst ? { inputShape: [...inputShape] } : {}),
    }),
    batchNormalization({ momentum: 0.9 }),
    relu(),
  ]
  return sequential([
    ...filters.flatMap((count, stage) => [
      ...(stage === 0 ? [] : [maxPooling2d({ padding: 'same' })]),
      ...step(count, stage === 0),
      ...step(count, false),
    ]),
    globalAveragePooling2d(),
    ...(rate > 0 ? [dropout({ rate })] : []),
    dense({ units: classes }),
  ])
}
