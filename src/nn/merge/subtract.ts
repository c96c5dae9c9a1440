// The first input less the second, element by element.

import { sub } from '../../tensor/operations.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Merge } from './merge.js'

/**
 * The first input less the second, element by element. Shapes broadcast.
 *
 * @throws AthanorError ARGUMENT for fewer inputs than it takes; SHAPE for shapes that do not go together.
 * @example
 * ```ts
 * layers.subtract().forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[-2, -2]]
 * ```
 */
export class Subtract extends Merge {
  constructor(options: MultiInputLayerOptions = {}) {
    super('layers.subtract', options)
  }

  get className() {
    return 'Subtract' as const
  }

  override get arity(): readonly [number, number] {
    return [2, 2]
  }

  protected merge(inputs: readonly Tensor[]): Tensor {
    return sub(inputs[0], inputs[1])
  }
}
