// Neighbouring frames as one step: a recurrent layer then takes fewer, wider steps.

import { OptionTable, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { layerOptions } from '../../nn/layer.js'
import { registerLayer } from '../../nn/registry.js'
import { pad, reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { FramesLayer, type FramesOptions, someFrames } from './frames-layer.js'

/** Options of `StackFrames`. */
export type StackFramesOptions = FramesOptions

const stackFramesOptions = new OptionTable<StackFramesOptions>({
  ...layerOptions.rows,
  frames: required(someFrames),
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
export class StackFrames extends FramesLayer {
  constructor(options: StackFramesOptions) {
    super(stackFramesOptions.check('StackFrames', options))
    this.buildIfKnown()
  }

  get className() {
    return 'StackFrames' as const
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

  override outputShape([steps, width]: Shape): Shape {
    return [Math.ceil(steps / this.frames), this.frames * width]
  }
}

registerLayer('StackFrames', config => new StackFrames(config as never))
