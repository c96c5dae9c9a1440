// The smallest of its inputs, element by element.

import { minimum } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Merge } from './merge.js'

/**
 * The smallest of its inputs, element by element. Shapes broadcast.
 *
 * @throws AthanorError ARGUMENT for fewer inputs than it takes; SHAPE for shapes that do not go together.
 * @example
 * ```ts
 * layers.minimum().forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[1, 2]]
 * ```
 */
export class Minimum extends Merge {
  constructor(options: MultiInputLayerOptions = {}) {
    super('layers.minimum', options)
  }

  get className() {
    return 'Minimum' as const
  }

  protected merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => minimum(a, b))
  }
}
