// Multiplies its inputs.

import { mul } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Merge } from './merge.js'

/**
 * Multiplies its inputs: Π xᵢ, element by element. Shapes broadcast.
 *
 * @throws AthanorError ARGUMENT for fewer inputs than it takes; SHAPE for shapes that do not go together.
 * @example
 * ```ts
 * layers.multiply().forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[3, 8]]
 * ```
 */
export class Multiply extends Merge {
  constructor(options: MultiInputLayerOptions = {}) {
    super('layers.multiply', options)
  }

  get className() {
    return 'Multiply' as const
  }

  protected merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => mul(a, b))
  }
}
