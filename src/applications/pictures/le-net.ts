// LeNet-5: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document Recognition"
// (1998), with every second-layer map seeing all of the first, as it is built today.

import { OptionTable, required } from '../../base/options.js'
import { oneOf, wholeNumber } from '../../base/value-kinds.js'
import { averagePooling2d, conv2d, dense, flatten, maxPooling2d } from '../../nn/layers.js'
import { type Model, sequential } from '../../train/model.js'
import { somePictureShape } from './picture-net-options.js'

/** Options of `leNet`. */
export interface LeNetOptions {
  /** Height, width, channels; at least 12 × 12. */
  readonly inputShape: readonly number[]
  readonly classes: number
  /** Default `tanh`, as in the paper; `relu` learns faster. */
  readonly activation?: 'tanh' | 'relu'
  /** Default `average`, as in the paper. */
  readonly pooling?: 'average' | 'max'
}

const options = new OptionTable<LeNetOptions>({
  inputShape: required(somePictureShape(12)),
  classes: required(wholeNumber({ min: 1 })),
  activation: oneOf(['tanh', 'relu']),
  pooling: oneOf(['average', 'max']),
})

/**
 * LeNet-5: two convolutions of 5 × 5 with pooling, three dense layers; [batch, height, width, channels] →
 * [batch, classes] logits. For 28 × 28 grey pictures and ten classes it has 61,706 parameters.
 *
 * @throws AthanorError ARGUMENT for options, and pictures smaller than 12 × 12.
 * @example
 * ```ts
 * const net = leNet({ inputShape: [28, 28, 1], classes: 10 })
 * net.parameters().reduce((sum, parameter) => sum + parameter.size, 0) // 61706
 * ```
 */
export function leNet(given: LeNetOptions): Model {
  const {
    inputShape,
    classes,
    activation = 'tanh',
    pooling = 'average',
  } = options.check('leNet', given)
  const pool = pooling === 'average' ? averagePooling2d : maxPooling2d
  return sequential([
    conv2d({
      filters: 6,
      kernelSize: 5,
      padding: 'same',
      activation,
      inputShape: [...inputShape],
    }),
    pool(),
    conv2d({ filters: 16, kernelSize: 5, activation }),
    pool(),
    flatten(),
    dense({ units: 120, activation }),
    dense({ units: 84, activation }),
    dense({ units: classes }),
  ])
}
