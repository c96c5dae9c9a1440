// The mean over the steps of a sequence that count.

import type { LayerOptions } from '../../nn/layer.js'
import { registerLayer } from '../../nn/registry.js'
import { cast, div, maximum, mean, mul, sum } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { OverSteps } from './over-steps.js'

/**
 * [batch, steps, features] → [batch, features]: the mean over the steps, without those that a mask leaves out. A row
 * in which none counts gives zeros.
 *
 * @example
 * ```ts
 * const average = new MaskedAverage()
 * average.forward(withMask([[[1], [3], [9]]], [[1, 1, 0]])) // [[2]]
 * ```
 */
export class MaskedAverage extends OverSteps {
  constructor(options?: LayerOptions) {
    super('MaskedAverage', options)
  }

  get className() {
    return 'MaskedAverage' as const
  }

  protected reduced(x: Tensor, mask: Tensor | null): Tensor {
    if (mask === null) return mean(x, { axis: 1 })
    const counts = cast(mask, x.dtype)
    const total = sum(mul(x, reshape(counts, [...counts.shape, 1])), { axis: 1 })
    return div(total, maximum(sum(counts, { axis: 1, keepDims: true }), 1))
  }
}

registerLayer('MaskedAverage', config => new MaskedAverage(config as LayerOptions))
