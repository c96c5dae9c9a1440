// The plainest net over pictures: every pixel an input of dense layers. What convolutions are held against.

import { OptionTable, required } from '../../base/options.js'
import { listOf, numberIn, wholeNumber } from '../../base/value-kinds.js'
import { dense, dropout, flatten } from '../../nn/layers.js'
import { type Model, sequential } from '../../train/model.js'
import { somePictureShape } from './picture-net-options.js'

/** Options of `densePictureNet`. */
export interface DensePictureNetOptions {
  /** Height, width, channels. */
  readonly inputShape: readonly number[]
  readonly classes: number
  /** Units of the hidden layers. Default: 128. */
  readonly hidden?: readonly number[]
  /** Share of hidden units silenced in training. Default: 0.2. */
  readonly dropout?: number
}

const options = new OptionTable<DensePictureNetOptions>({
  inputShape: required(somePictureShape()),
  classes: required(wholeNumber({ min: 1 })),
  hidden: listOf(wholeNumber({ min: 1 })),
  dropout: numberIn({ min: 0, below: 1 }),
})

/**
 * Dense layers over all pixels: [batch, height, width, channels] → [batch, classes] logits. Over 28 × 28 grey
 * pixels and ten classes it has 101,770 parameters.
 *
 * @throws AthanorError ARGUMENT for options.
 * @example
 * ```ts
 * const net = densePictureNet({ inputShape: [28, 28, 1], classes: 10 })
 * net.parameters().reduce((sum, parameter) => sum + parameter.size, 0) // 101770
 * ```
 */
export function densePictureNet(given: DensePictureNetOptions): Model {
  const {
    inputShape,
    classes,
    hidden = [128],
    dropout: rate = 0.2,
  } = options.check('densePictureNet', given)
  return sequential([
    flatten({ inputShape: [...inputShape] }),
    ...hidden.flatMap(units => [
      dense({ units, activation: 'relu', kernelInitializer: 'heNormal' }),
      ...(rate > 0 ? [dropout({ rate })] : []),
    ]),
    dense({ units: classes }),
  ])
}
