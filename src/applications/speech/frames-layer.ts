// Layers that make steps of frames: what they share is which steps count.

import { shapeError } from '../../base/errors.js'
import type { Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { Layer, type LayerOptions } from '../../nn/layer.js'
import { greater } from '../../tensor/operations.js'
import { slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Options of layers that make steps of frames. */
export interface FramesOptions extends LayerOptions {
  /** Frames that become one step. */
  readonly frames: number
}

export const someFrames = wholeNumber({ min: 1, max: 64 })

/**
 * [batch, steps, features + 1], as `SpeechBatches` gives it, to [batch, ⌈steps / frames⌉, …], with a mask: a step
 * counts if its first frame is there, as the last feature says.
 */
export abstract class FramesLayer extends Layer {
  readonly frames: number

  constructor(options: FramesOptions) {
    super(options)
    this.frames = options.frames
  }

  override build(inputShape: Shape): void {
    if (inputShape.length !== 2 || inputShape[1] < 2)
      throw shapeError(
        this.label,
        'inputs of shape [batch, steps, features + 1]',
        `[${['batch', ...inputShape].join(', ')}]`,
      )
  }

  protected override outputMask(x: Tensor): Tensor | null {
    return thereAt(x, this.frames)
  }

  override get freeAxes(): number {
    return 1
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), frames: this.frames }
  }
}

/** Whether every so manyth frame is there: bool [batch, ⌈steps / every⌉]. */
export function thereAt(x: Tensor, every: number): Tensor {
  return greater(slice(x, null, [null, null, every], -1), 0.5)
}
