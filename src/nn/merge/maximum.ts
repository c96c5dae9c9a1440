// The largest of its inputs, element by element.

import { maximum } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Merge } from './merge.js'

/**
 * The largest of its inputs, element by element. Shapes broadcast.
 *
 * @throws AthanorError ARGUMENT for fewer inputs than it takes; SHAPE for shapes that do not go together.
 * @example
 * ```ts
 * layers.maximum().forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[3, 4]]
 * ```
 */
export class Maximum extends Merge {
  constructor(options: MultiInputLayerOptions = {}) {
    super('layers.maximum', options)
  }

  get className() {
    return 'Maximum' as const
  }

  protected merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => maximum(a, b))
  }
}
