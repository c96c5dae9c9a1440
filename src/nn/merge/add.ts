// Adds its inputs.

import { add } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Merge } from './merge.js'

/**
 * Adds its inputs: Σ xᵢ, element by element. Shapes broadcast.
 *
 * @throws AthanorError ARGUMENT for fewer inputs than it takes; SHAPE for shapes that do not go together.
 * @example
 * ```ts
 * layers.add().forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[4, 6]]
 * ```
 */
export class Add extends Merge {
  constructor(options: MultiInputLayerOptions = {}) {
    super('layers.add', options)
  }

  get className() {
    return 'Add' as const
  }

  protected merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => add(a, b))
  }
}
