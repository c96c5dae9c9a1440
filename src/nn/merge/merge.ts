// What the merge layers that work element by element share. Shapes broadcast as in Keras: inputs of
// lower rank get axes of size 1 after the batch.

import { shapeError } from '../../base/errors.js'
import { broadcastShapes, formatShape, type Shape, sizeOf } from '../../base/shape.js'
import { logicalOr } from '../../tensor/operations.js'
import { reshape } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import { maskOf } from '../mask.js'
import {
  MultiInputLayer,
  type MultiInputLayerOptions,
  multiInputLayerOptions,
} from '../multi-input-layer.js'

export abstract class Merge extends MultiInputLayer {
  constructor(operation: string, options: MultiInputLayerOptions) {
    super(multiInputLayerOptions.check(operation, options))
    this.buildIfKnown()
  }

  override get arity(): readonly [number, number] {
    return [2, Infinity]
  }

  /** The inputs as one; all have the same rank. */
  protected abstract merge(inputs: readonly Tensor[]): Tensor

  protected call(inputs: readonly Tensor[]): Tensor {
    this.outputShape(inputs.map(x => x.shape.slice(1)))
    const rows = inputs[0].shape[0]
    for (const x of inputs)
      if (x.shape[0] !== rows)
        throw shapeError(this.name, `batches of one size (${rows})`, formatShape(x.shape))
    const rank = Math.max(...inputs.map(x => x.rank))
    const ones = (x: Tensor) => Array.from({ length: rank - x.rank }, () => 1)
    return this.merge(
      inputs.map(x =>
        x.rank === rank ? x : reshape(x, [x.shape[0], ...ones(x), ...x.shape.slice(1)]),
      ),
    )
  }

  /**
   * A step counts that counts in one of them, as in Keras; those without a mask say nothing, and those without the
   * result's steps.
   */
  protected override outputMask(inputs: readonly Tensor[]): Tensor | null {
    const rank = Math.max(...inputs.map(x => x.rank))
    const stepsOf = (x: Tensor) => (x.rank === rank ? x.shape[1] : 1)
    const steps = Math.max(...inputs.map(stepsOf))
    const masks = inputs
      .filter(x => x.rank === rank && stepsOf(x) === steps)
      .map(maskOf)
      .filter(mask => mask !== null)
    return masks.length === 0 ? null : masks.reduce((a, b) => (a === b ? a : logicalOr(a, b)))
  }

  override outputShape(inputShapes: readonly Shape[]): Shape {
    return inputShapes.reduce((a, b) => broadcastShapes(this.name, a, b))
  }

  override flops(inputShapes: readonly Shape[]): number {
    return inputShapes.length * sizeOf(this.outputShape(inputShapes))
  }
}
