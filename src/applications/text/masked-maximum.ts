// The largest value over the steps of a sequence that count.

import type { LayerOptions } from '../../nn/layer.js'
import { registerLayer } from '../../nn/registry.js'
import { any, max, where } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { OverSteps } from './over-steps.js'

/**
 * [batch, steps, features] → [batch, features]: the largest value of each feature over the steps, without those that a
 * mask leaves out. A row in which none counts gives zeros.
 *
 * @example
 * ```ts
 * const maximum = new MaskedMaximum()
 * maximum.forward(withMask([[[0.1], [0.3], [0.9]]], [[1, 1, 0]])) // [[0.3]]
 * ```
 */
export class MaskedMaximum extends OverSteps {
  constructor(options?: LayerOptions) {
    super('MaskedMaximum', options)
  }

  get className() {
    return 'MaskedMaximum' as const
  }

  protected reduced(x: Tensor, mask: Tensor | null): Tensor {
    if (mask === null) return max(x, { axis: 1 })
    const counts = reshape(mask, [...mask.shape, 1])
    const largest = max(where(counts, x, Number.NEGATIVE_INFINITY), { axis: 1 })
    return where(any(counts, { axis: 1 }), largest, 0)
  }
}

registerLayer('MaskedMaximum', config => new MaskedMaximum(config as LayerOptions))
