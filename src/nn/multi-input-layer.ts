// Layers of several inputs. They take a list where a layer of one input takes a tensor or a shape, and
// are built when all shapes are known.

import { shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../base/shape.js'
import { listOf } from '../base/value-kinds.js'
import { zeros } from '../tensor/creation.js'
import { someShape } from '../tensor/options.js'
import { Tensor } from '../tensor/tensor.js'
import {
  BaseLayer,
  type BaseLayerOptions,
  baseLayerOptions,
  checkInputShape,
} from './base-layer.js'
import { attachMask } from './mask.js'
import { probe } from './mode.js'
import { type ModuleOutput, partsOfOutput } from './module-output.js'
import { checkArity } from './symbolic.js'

/** Options that every layer of several inputs has. */
export interface MultiInputLayerOptions extends BaseLayerOptions {
  /** Shape of one sample of each input, without the batch. Default: known at the first call. */
  readonly inputShapes?: readonly Shape[]
}

export const multiInputLayerOptions = new OptionTable<MultiInputLayerOptions>({
  ...baseLayerOptions.rows,
  inputShapes: listOf(someShape, { min: 1 }),
})

/**
 * The base of layers of several inputs. A subclass makes its weights in `build(inputShapes)` and says in
 * `call(inputs)` what it computes; `arity` says how many inputs it takes.
 *
 * @example
 * ```ts
 * class Difference extends MultiInputLayer {
 *   get className() { return 'Difference' }
 *   override get arity(): [number, number] { return [2, 2] }
 *   protected call([a, b]: readonly Tensor[]) { return a.sub(b) }
 * }
 * new Difference().forward(tensor([[3, 4]]), tensor([[1, 1]])) // [[2, 3]]
 * ```
 */
export abstract class MultiInputLayer<
  Output extends ModuleOutput = Tensor,
> extends BaseLayer<Output> {
  /** The shapes it was built for; null before. */
  inputShapes: readonly Shape[] | null = null
  private readonly givenShapes: readonly Shape[] | null

  constructor(options: MultiInputLayerOptions = {}) {
    super(options)
    const { inputShapes } = options
    this.givenShapes = inputShapes ?? null
    for (const shape of inputShapes ?? []) checkInputShape(this.label, shape)
  }

  /** Computes the output; the layer is built by then. */
  protected abstract call(inputs: readonly Tensor[]): Output

  /** The mask of the output, of the masks that the inputs carry; null for none. */
  protected outputMask(_inputs: readonly Tensor[]): Tensor | null {
    return null
  }

  get built(): boolean {
    return this.inputShapes !== null
  }

  override get arity(): readonly [number, number] {
    return [1, Infinity]
  }

  /** Makes the weights for samples of these shapes; called once. */
  build(_inputShapes: readonly Shape[]): void {}

  /** Shape of one sample of the (first) output. Default: found by recording a call. */
  outputShape(inputShapes: readonly Shape[]): Shape {
    this.ensureBuilt(inputShapes)
    const samples = inputShapes.map(shape => zeros([1, ...shape], { dtype: this.dtype }))
    return partsOfOutput(probe(this, () => this.call(samples)))[0].shape.slice(1)
  }

  /** Floating-point operations for one sample; a multiplication and an addition count as two. */
  flops(inputShapes: readonly Shape[]): number {
    return sizeOf(this.outputShape(inputShapes))
  }

  override config(): Record<string, unknown> {
    const { name, ...rest } = super.config()
    const shapes = this.inputShapes ?? this.givenShapes
    if (shapes === null) return { name, ...rest }
    return { name, inputShapes: shapes.map(shape => [...shape]), ...rest }
  }

  /** Builds the layer for samples of these shapes unless it is built. */
  ensureBuilt(inputShapes: readonly Shape[]): void {
    if (this.inputShapes !== null) return
    checkArity(this.label, this, inputShapes.length)
    for (const shape of inputShapes) checkInputShape(this.label, shape)
    const { givenShapes } = this
    const same = (given: readonly Shape[]) =>
      given.length === inputShapes.length && given.every((s, i) => sameShape(s, inputShapes[i]))
    if (givenShapes !== null && !same(givenShapes))
      throw shapeError(
        this.label,
        `inputs of shapes ${givenShapes.map(formatShape).join(', ')}`,
        inputShapes.map(formatShape).join(', '),
        'Give the inputShapes that the data have',
      )
    this.build(inputShapes)
    this.inputShapes = inputShapes.map(shape => [...shape])
  }

  /** For the end of a subclass's constructor: builds at once where `inputShapes` were given. */
  protected buildIfKnown(): void {
    if (this.givenShapes !== null) this.ensureBuilt(this.givenShapes)
  }

  builtShapes(): readonly Shape[] | null {
    return this.inputShapes
  }

  override ensureBuiltOn(shapes: readonly Shape[]): void {
    this.ensureBuilt(shapes)
  }

  outputShapeOn(shapes: readonly Shape[]): Shape {
    return this.outputShape(shapes)
  }

  flopsOn(shapes: readonly Shape[]): number {
    return this.flops(shapes)
  }

  /** Takes its inputs one after the other, or as one list. */
  forward(...given: (Tensor | readonly Tensor[])[]): Output {
    const inputs = given.flat() as Tensor[]
    checkArity(this.label, this, inputs.length)
    if (this.inputShapes === null) {
      for (const x of inputs)
        if (x.rank === 0)
          throw shapeError(
            this.label,
            'batches of samples',
            'a scalar',
            'Add an axis for the batch',
          )
      this.ensureBuilt(inputs.map(x => x.shape.slice(1)))
    }
    const output = this.call(inputs)
    const mask = output instanceof Tensor ? this.outputMask(inputs) : null
    if (mask !== null) attachMask(output as Tensor, mask)
    this.penalizeActivity(output)
    return output
  }
}
