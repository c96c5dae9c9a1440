// The element type of noise that goes with a tensor.

import type { FloatDType } from '../base/dtype.js'
import type { Tensor } from '../tensor/tensor.js'

export function floatOf({ dtype }: Tensor): FloatDType {
  return dtype === 'float64' ? 'float64' : 'float32'
}
