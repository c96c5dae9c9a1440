// Rotary positional encoding (Su et al. 2021, "RoFormer"): pairs of features turned by angles that grow
// with the position, so that products of queries and keys depend on distances alone.

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { numberIn } from '../../base/value-kinds.js'
import { add, cast, cos, mul, neg, sin } from '../../tensor/operations.js'
import { concat, reshape, slice } from '../../tensor/structure.js'
import { type Tensor, tensor } from '../../tensor/tensor.js'
import { Layer, type LayerOptions, layerOptions } from '../layer.js'
import { tokenPositions } from './cache.js'

/**
 * The last axis of x [..., tokens, size] turned by each token's position: the first half of the features
 * with the second.
 */
export function rotated(x: Tensor, maxWavelength: number): Tensor {
  const [tokens, size] = x.shape.slice(-2)
  const half = size / 2
  const frequencies = Float64Array.from(
    { length: half },
    (_, i) => maxWavelength ** (-(2 * i) / size),
  )
  const positions = reshape(cast(tokenPositions(tokens), x.dtype), [tokens, 1])
  const angles = mul(positions, tensor(frequencies, { dtype: x.dtype }))
  const [c, s] = [cos(angles), sin(angles)].map(one => concat([one, one], { axis: -1 }))
  const before = x.shape.slice(0, -1).map((): null => null)
  const first = slice(x, ...before, [0, half])
  const second = slice(x, ...before, [half])
  return add(mul(x, c), mul(concat([neg(second), first], { axis: -1 }), s))
}

export interface RotaryEmbeddingOptions extends LayerOptions {
  /** Longest period of the angles, in positions. Default: 10,000. */
  readonly maxWavelength?: number
}

const rotaryOptions = new OptionTable<RotaryEmbeddingOptions>({
  ...layerOptions.rows,
  maxWavelength: numberIn({ above: 0 }),
})

/**
 * Turns each token's features by its position: [batch, tokens, size] or [batch, heads, tokens, size], size
 * even. No weights. `multiHeadAttention({ useRotary: true })` does so to queries and keys.
 *
 * @throws AthanorError SHAPE for an odd number of features.
 * @example
 * ```ts
 * layers.rotaryEmbedding().forward(ones([1, 8, 4])).shape // [1, 8, 4]
 * ```
 */
export class RotaryEmbedding extends Layer {
  readonly maxWavelength: number

  constructor(options: RotaryEmbeddingOptions = {}) {
    super(rotaryOptions.check('layers.rotaryEmbedding', options))
    this.maxWavelength = options.maxWavelength ?? 10_000
    this.buildIfKnown()
  }

  get className() {
    return 'RotaryEmbedding' as const
  }

  override build(inputShape: Shape): void {
    checkEven(this.name, inputShape[inputShape.length - 1] ?? 1)
    if (inputShape.length < 2)
      throw shapeError(
        this.name,
        'inputs of shape [batch, tokens, features]',
        formatShape(inputShape),
      )
  }

  protected call(x: Tensor): Tensor {
    checkEven(this.name, x.shape[x.rank - 1])
    return rotated(x, this.maxWavelength)
  }

  override get keepsSteps(): boolean {
    return true
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), maxWavelength: this.maxWavelength }
  }
}

export function checkEven(name: string, size: number): void {
  if (size % 2 !== 0)
    throw argumentError(name, 'an even number of features to turn in pairs', String(size))
}
