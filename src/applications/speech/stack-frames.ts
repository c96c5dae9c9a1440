// Neighbouring frames as one step: a recurrent layer then takes fewer, wider steps.

import { shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { Layer, type LayerOptions, layerOptions } from '../../nn/layer.js'
import { registerLayer } from '../../nn/registry.js'
import { greater } from '../../tensor/operations.js'
import { pad, reshape, slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Options of `StackFrames`. */
export interface StackFramesOptions extends LayerOptions {
  /** Frames that become one step. */
  readonly frames: number
}

const stackFramesOptions = new OptionTable<StackFramesOptions>({
  ...layerOptions.rows,
  frames: required(wholeNumber({ min: 1, max: 64 })),
})

/**
 * [batch, steps, features + 1], as `SpeechBatches` gives it, to [batch, ⌈steps / frames⌉, frames ·
 * (features + 1)], with a mask: a step counts if its first frame is there, as the last feature says.
 *
 * @throws AthanorError SHAPE for inputs that are no sequences of two features or more.
 * @example
 * ```ts
 * const stack = new speech.StackFrames({ frames: 3 })
 * console.log(stack.forward(zeros([2, 7, 5])).shape) // [2, 3, 15]
 * ```
 */
export class StackFrames extends Layer {
  readonly frames: number

  constructor(options: StackFramesOptions) {
    super(stackFramesOptions.check('StackFrames', options))
    this.frames = options.frames
    this.buildIfKnown()
  }

  get className() {
    return 'StackFrames' as const
  }

  override build(inputShape: Shape): void {
    if (inputShape.length !== 2 || inputShape[1] < 2)
      throw shapeError(
        this.label,
        'inputs of shape [batch, steps, features + 1]',
        `[${['batch', ...inputShape].join(', ')}]`,
      )
  }

  protected call(x: Tensor): Tensor {
    const [batch, steps, width] = x.shape
    const stacked = Math.ceil(steps / this.frames)
    const missing = stacked * this.frames - steps
    const whole =
      missing === 0
        ? x
        : pad(x, [
            [0, 0],
            [0, missing],
            [0, 0],
          ])
    return reshape(whole, [batch, stacked, this.frames * width])
  }

  protected override outputMask(x: Tensor): Tensor | null {
    return greater(slice(x, null, [null, null, this.frames], -1), 0.5)
  }

  override get freeAxes(): number {
    return 1
  }

  override outputShape([steps, width]: Shape): Shape {
    return [Math.ceil(steps / this.frames), this.frames * width]
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), frames: this.frames }
  }
}

registerLayer('StackFrames', config => new StackFrames(config as never))
