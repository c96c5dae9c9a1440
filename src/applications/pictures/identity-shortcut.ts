// The shortcut without parameters of K. He et al. (2015), section 3.3, option A.

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { Layer, type LayerOptions, layerOptions } from '../../nn/layer.js'
import { registerLayer } from '../../nn/registry.js'
import { pad, slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Options of `IdentityShortcut`. */
export interface IdentityShortcutOptions extends LayerOptions {
  /** Channels of the result, at least those of the input. */
  readonly filters: number
  /** Pixels from one that is taken to the next. Default: 1. */
  readonly strides?: number
}

const options = new OptionTable<IdentityShortcutOptions>({
  ...layerOptions.rows,
  filters: required(wholeNumber({ min: 1 })),
  strides: wholeNumber({ min: 1 }),
})

/**
 * [batch, height, width, channels] → [batch, ⌈height / strides⌉, ⌈width / strides⌉, filters]: every pixel or every
 * second one as it is, then channels of zeros.
 *
 * @throws AthanorError SHAPE for inputs that are no pictures; ARGUMENT for fewer filters than channels.
 * @example
 * ```ts
 * const shortcut = new IdentityShortcut({ filters: 3, strides: 2 })
 * shortcut.forward(ones([1, 2, 2, 1])) // [[[[1, 0, 0]]]]
 * ```
 */
export class IdentityShortcut extends Layer {
  readonly filters: number
  readonly strides: number

  constructor(given: IdentityShortcutOptions) {
    super(options.check('IdentityShortcut', given))
    this.filters = given.filters
    this.strides = given.strides ?? 1
    this.buildIfKnown()
  }

  get className() {
    return 'IdentityShortcut' as const
  }

  override build(inputShape: Shape): void {
    if (inputShape.length !== 3)
      throw shapeError(
        this.label,
        'pictures of shape [batch, height, width, channels]',
        `[${['batch', ...inputShape].join(', ')}]`,
      )
    const [, , channels] = inputShape
    if (channels > this.filters)
      throw argumentError(this.label, `at least ${channels} filters`, String(this.filters))
  }

  protected call(x: Tensor): Tensor {
    const { filters, strides } = this
    const every = [null, null, strides] as const
    const taken = strides === 1 ? x : slice(x, null, every, every)
    const none = [0, 0] as const
    return pad(taken, [none, none, none, [0, filters - x.shape[3]]])
  }

  override outputShape([height, width]: Shape): Shape {
    const { filters, strides } = this
    return [Math.ceil(height / strides), Math.ceil(width / strides), filters]
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), filters: this.filters, strides: this.strides }
  }
}

registerLayer('IdentityShortcut', config => new IdentityShortcut(config as never))
