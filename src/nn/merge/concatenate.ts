// Inputs one after the other along an axis.

import { argumentError, shapeError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { formatShape, normalizeAxis, type Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { ones } from '../../tensor/creation.js'
import { logicalAnd } from '../../tensor/operations.js'
import { concat } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { maskOf } from '../mask.js'
import {
  MultiInputLayer,
  type MultiInputLayerOptions,
  multiInputLayerOptions,
} from '../multi-input-layer.js'

export interface ConcatenateOptions extends MultiInputLayerOptions {
  /** Where 0 is the batch, which cannot be joined along. Default: −1. */
  readonly axis?: number
}

const concatenateOptions = new OptionTable<ConcatenateOptions>({
  ...multiInputLayerOptions.rows,
  axis: wholeNumber(),
})

/**
 * Joins its inputs along an axis; their other axes are equal. Masks are joined with the steps (axis 1); along any
 * other axis a step counts that counts in all of them.
 *
 * @throws AthanorError ARGUMENT for axis 0, the batch; SHAPE for shapes that differ elsewhere.
 * @example
 * ```ts
 * layers.concatenate().forward(tensor([[1, 2]]), tensor([[3]])) // [[1, 2, 3]]
 * ```
 */
export class Concatenate extends MultiInputLayer {
  readonly axis: number

  constructor(options: ConcatenateOptions = {}) {
    super(concatenateOptions.check('layers.concatenate', options))
    this.axis = options.axis ?? -1
    if (this.axis === 0)
      throw argumentError('layers.concatenate', 'an axis other than 0, the batch', '0')
    this.buildIfKnown()
  }

  get className() {
    return 'Concatenate' as const
  }

  protected call(inputs: readonly Tensor[]): Tensor {
    this.outputShape(inputs.map(x => x.shape.slice(1)))
    return concat(inputs, { axis: this.axis })
  }

  protected override outputMask(inputs: readonly Tensor[]): Tensor | null {
    const masks = inputs.map(maskOf)
    const given = masks.filter(mask => mask !== null)
    if (given.length === 0) return null
    if (normalizeAxis(this.name, this.axis, inputs[0].rank) > 1)
      return given.reduce((a, b) => (a === b ? a : logicalAnd(a, b)))
    const all = (x: Tensor) => ones(x.shape.slice(0, 2), { dtype: 'bool' })
    return concat(
      inputs.map((x, i) => masks[i] ?? all(x)),
      { axis: 1 },
    )
  }

  override outputShape(inputShapes: readonly Shape[]): Shape {
    const [first] = inputShapes
    const at = normalizeAxis(this.name, this.axis, first.length + 1) - 1
    if (at < 0)
      throw argumentError(
        this.name,
        'an axis other than the batch',
        `${this.axis} of ${first.length + 1} axes`,
      )
    for (const shape of inputShapes)
      if (shape.length !== first.length || shape.some((n, i) => i !== at && n !== first[i]))
        throw shapeError(
          this.name,
          `samples like ${formatShape(first)} except along axis ${at + 1}`,
          formatShape(shape),
        )
    return first.map((n, i) => (i === at ? inputShapes.reduce((sum, s) => sum + s[at], 0) : n))
  }

  override flops(_inputShapes: readonly Shape[]): number {
    return 0
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), axis: this.axis }
  }
}
