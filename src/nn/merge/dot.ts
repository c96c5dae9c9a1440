// Products of the samples of two inputs, summed along an axis of each.

import { shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { formatShape, normalizeAxis, type Shape, sizeOf } from '../../base/shape.js'
import { either, tested, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import { matmul, maximum, mul, rsqrt, square, sum } from '../../tensor/operations.js'
import { reshape, transpose } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import {
  MultiInputLayer,
  type MultiInputLayerOptions,
  multiInputLayerOptions,
} from '../multi-input-layer.js'

export interface DotOptions extends MultiInputLayerOptions {
  /** The axis of both inputs, or one of each, that is summed along; 0 is the batch. */
  readonly axes: number | readonly [number, number]
  /** Scale vectors along the axes to length 1: the result is the cosine. Default: false. */
  readonly normalize?: boolean
}

const dotOptions = new OptionTable<DotOptions>({
  ...multiInputLayerOptions.rows,
  axes: required(
    either(
      wholeNumber(),
      tested<readonly [number, number]>(
        'a pair of them',
        value => Array.isArray(value) && value.length === 2 && value.every(Number.isInteger),
        [[1], [1, 2, 3]],
      ),
    ),
  ),
  normalize: trueOrFalse,
})

/**
 * Multiplies two inputs sample by sample and sums along one axis of each: [batch, n] and [batch, n] become
 * [batch, 1]; [batch, a, n] and [batch, n, b], with axes [2, 1], become [batch, a, b].
 *
 * @throws AthanorError SHAPE for axes of two lengths, or an axis that is the batch.
 * @example
 * ```ts
 * layers.dot({ axes: 1 }).forward(tensor([[1, 2]]), tensor([[3, 4]])) // [[11]]
 * ```
 */
export class Dot extends MultiInputLayer {
  readonly axes: readonly [number, number]
  readonly normalize: boolean

  constructor(options: DotOptions) {
    super(dotOptions.check('layers.dot', options))
    const { axes } = options
    this.axes = typeof axes === 'number' ? [axes, axes] : [...axes]
    this.normalize = options.normalize ?? false
    this.buildIfKnown()
  }

  get className() {
    return 'Dot' as const
  }

  override get arity(): readonly [number, number] {
    return [2, 2]
  }

  /** The summed axes, counted from 0 without the batch. */
  private summed(shapes: readonly Shape[]): [number, number] {
    const at = shapes.map(
      (shape, i) => normalizeAxis(this.name, this.axes[i], shape.length + 1) - 1,
    ) as [number, number]
    if (at.some(axis => axis < 0) || shapes[0][at[0]] !== shapes[1][at[1]])
      throw shapeError(
        this.name,
        `inputs whose axes ${this.axes.join(' and ')} have one length, and are not the batch`,
        shapes.map(formatShape).join(' and '),
      )
    return at
  }

  protected call([a, b]: readonly Tensor[]): Tensor {
    const shapes = [a.shape.slice(1), b.shape.slice(1)]
    const at = this.summed(shapes)
    const left = laidOut(this.unit(a, at[0]), at[0], 'last')
    const right = laidOut(this.unit(b, at[1]), at[1], 'first')
    return reshape(matmul(left, right), [a.shape[0], ...this.outputShape(shapes)])
  }

  private unit(x: Tensor, axis: number): Tensor {
    if (!this.normalize) return x
    const squares = sum(square(x), { axis: axis + 1, keepDims: true })
    return mul(x, rsqrt(maximum(squares, 1e-12)))
  }

  override outputShape(shapes: readonly Shape[]): Shape {
    const at = this.summed(shapes)
    const rest = shapes.flatMap((shape, k) => shape.filter((_, i) => i !== at[k]))
    return rest.length === 0 ? [1] : rest
  }

  override flops(shapes: readonly Shape[]): number {
    return 2 * sizeOf(this.outputShape(shapes)) * shapes[0][this.summed(shapes)[0]]
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), axes: this.axes, normalize: this.normalize }
  }
}

/** [batch, …] as matrices whose last or first axis is the one given. */
function laidOut(x: Tensor, axis: number, place: 'first' | 'last'): Tensor {
  const rest = x.shape.map((_, i) => i).filter(i => i !== 0 && i !== axis + 1)
  const order = place === 'last' ? [0, ...rest, axis + 1] : [0, axis + 1, ...rest]
  const length = x.shape[axis + 1]
  const others = sizeOf(rest.map(i => x.shape[i]))
  const shape = place === 'last' ? [others, length] : [length, others]
  return reshape(transpose(x, order), [x.shape[0], ...shape])
}
