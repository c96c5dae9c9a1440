// Averages its inputs.

import { add, mul } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Merge } from './merge.js'

/**
 * Averages its inputs: Σ xᵢ / n, element by element. Shapes broadcast.
 *
 * @throws AthanorError ARGUMENT for fewer inputs than it takes; SHAPE for shapes that do not go together.
 * @example
 * ```ts
 * layers.average().forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[2, 3]]
 * ```
 */
export class Average extends Merge {
  constructor(options: MultiInputLayerOptions = {}) {
    super('layers.average', options)
  }

  get className() {
    return 'Average' as const
  }

  protected merge(inputs: readonly Tensor[]): Tensor {
    return mul(
      inputs.reduce((a, b) => add(a, b)),
      1 / inputs.length,
    )
  }
}
