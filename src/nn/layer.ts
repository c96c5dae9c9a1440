// Layers: modules that know their shapes. They are built when their input size is known, from
// `inputShape` or at the first call, and can be described in JSON for saved models. Shapes here are
// those of one sample: the first axis of what goes through is the batch.

import { shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { type Shape, sameShape, sizeOf } from '../base/shape.js'
import { zeros } from '../tensor/creation.js'
import { someShape } from '../tensor/options.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  BaseLayer,
  type BaseLayerOptions,
  baseLayerOptions,
  batched,
  checkInputShape,
} from './base-layer.js'
import { attachMask, maskOf } from './mask.js'
import { probe } from './mode.js'

export { batched, type LayerConfig } from './base-layer.js'

/** Options that every layer of one input has. */
export interface LayerOptions extends BaseLayerOptions {
  /** Shape of one input sample, without the batch: `[32]`. Default: known at the first call. */
  readonly inputShape?: Shape
}

export const layerOptions = new OptionTable<LayerOptions>({
  ...baseLayerOptions.rows,
  inputShape: someShape,
})

/**
 * The base of layers. A subclass makes its weights in `build(inputShape)` with `addWeight` and says in
 * `call(x)` what it computes.
 *
 * @example
 * ```ts
 * class Scale extends Layer {
 *   factor: Variable | null = null
 *   get className() { return 'Scale' }
 *   override get hasWeights() { return true }
 *   override build(shape: Shape) { this.factor = this.addWeight('factor', shape, initializers.ones()) }
 *   call(x: Tensor) { return x.mul(this.factor!) }
 *   override outputShape(shape: Shape) { return shape }
 * }
 * registerLayer('Scale', config => new Scale(config))
 * ```
 */
export abstract class Layer extends BaseLayer {
  /** The input shape it was built for; null before. */
  inputShape: Shape | null = null
  private readonly givenShape: Shape | null

  constructor(options: LayerOptions = {}) {
    super(options)
    const { inputShape } = options
    this.givenShape = inputShape ?? null
    if (inputShape !== undefined) checkInputShape(this.label, inputShape)
  }

  /** Computes the output; the layer is built by then. */
  protected abstract call(x: Tensor): Tensor

  /** Whether the steps of [batch, steps, …] stay the same ones: then a mask is handed on. */
  get keepsSteps(): boolean {
    return false
  }

  /** The mask of the output, given that of the input; null for none. */
  protected outputMask(_x: Tensor, mask: Tensor | null): Tensor | null {
    return this.keepsSteps ? mask : null
  }

  get built(): boolean {
    return this.inputShape !== null
  }

  override get arity(): readonly [number, number] {
    return [1, 1]
  }

  /** Makes the weights for samples of this shape; called once. */
  build(_inputShape: Shape): void {}

  /** Shape of one output sample. Default: found by recording a call. */
  outputShape(inputShape: Shape): Shape {
    this.ensureBuilt(inputShape)
    const sample = zeros([1, ...inputShape], { dtype: this.dtype })
    return probe(this, () => this.call(sample)).shape.slice(1)
  }

  /** Floating-point operations for one sample; a multiplication and an addition count as two. */
  flops(inputShape: Shape): number {
    return sizeOf(this.outputShape(inputShape))
  }

  override config(): Record<string, unknown> {
    const { name, ...rest } = super.config()
    const shape = this.inputShape ?? this.givenShape
    return shape === null ? { name, ...rest } : { name, inputShape: [...shape], ...rest }
  }

  /** Builds the layer for samples of this shape unless it is built. */
  ensureBuilt(inputShape: Shape): void {
    if (this.inputShape !== null) return
    checkInputShape(this.label, inputShape)
    const { givenShape } = this
    if (givenShape !== null && !sameShape(givenShape, inputShape))
      throw shapeError(
        this.label,
        `inputs of shape ${batched(givenShape)}`,
        batched(inputShape),
        'Give the inputShape that the data has',
      )
    this.build(inputShape)
    this.inputShape = [...inputShape]
  }

  /** For the end of a subclass's constructor: builds at once where `inputShape` was given. */
  protected buildIfKnown(): void {
    if (this.givenShape !== null) this.ensureBuilt(this.givenShape)
  }

  builtShapes(): readonly Shape[] | null {
    return this.inputShape === null ? null : [this.inputShape]
  }

  override ensureBuiltOn([shape]: readonly Shape[]): void {
    this.ensureBuilt(shape)
  }

  outputShapeOn([shape]: readonly Shape[]): Shape {
    return this.outputShape(shape)
  }

  flopsOn([shape]: readonly Shape[]): number {
    return this.flops(shape)
  }

  forward(x: Tensor): Tensor {
    if (this.inputShape === null) {
      if (x.rank === 0)
        throw shapeError(this.label, 'a batch of samples', 'a scalar', 'Add an axis for the batch')
      this.ensureBuilt(x.shape.slice(1))
    }
    const y = this.call(x)
    const mask = this.outputMask(x, maskOf(x))
    if (mask !== null) attachMask(y, mask)
    this.penalizeActivity(y)
    return y
  }
}
