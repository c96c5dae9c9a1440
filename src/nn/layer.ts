// Layers: modules that know their shapes. They are built when their input size is known, from
// `inputShape` or at the first call, and can be described in JSON for saved models. Shapes here are
// those of one sample: the first axis of what goes through is the batch.

import { availableMemory } from '#platform'
import { dtypes, type FloatDType } from '../base/dtype.js'
import { AthanorError, shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../base/shape.js'
import { oneOf, orNull, someText, trueOrFalse } from '../base/value-kinds.js'
import { zeros } from '../tensor/creation.js'
import { noGrad } from '../tensor/differentiate.js'
import { mul } from '../tensor/operations.js'
import { someShape } from '../tensor/options.js'
import { Tensor } from '../tensor/tensor.js'
import { type Variable, variable } from '../tensor/variable.js'
import { buffer } from './buffer.js'
import type { Initializer } from './initializers/index.js'
import { someRegularizer } from './kinds.js'
import { attachMask, maskOf } from './mask.js'
import { currentCall, Module } from './module.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from './regularizers.js'

/** Options that every layer has. */
export interface LayerOptions {
  /** Default: the kind of layer, numbered from the second on (`dense`, `dense_1`). */
  readonly name?: string
  /** Shape of one input sample, without the batch: `[32]`. Default: known at the first call. */
  readonly inputShape?: Shape
  /** Element type of the weights. Default: float32. */
  readonly dtype?: FloatDType
  /** Whether the weights are learned. Default: true. */
  readonly trainable?: boolean
  /** Penalty of the layer's output, averaged over the batch. Default: none. */
  readonly activityRegularizer?: RegularizerLike | null
}

export const layerOptions = new OptionTable<LayerOptions>({
  name: someText,
  inputShape: someShape,
  dtype: oneOf(['float32', 'float64']),
  trainable: trueOrFalse,
  activityRegularizer: orNull(someRegularizer),
})

/** A layer in a saved model. */
export interface LayerConfig {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

const counts = new Map<string, number>()

/** `LayerNormalization` → `layer_normalization`, then `layer_normalization_1`, … */
function numbered(className: string): string {
  const base = className.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()
  const before = counts.get(base) ?? 0
  counts.set(base, before + 1)
  return before === 0 ? base : `${base}_${before}`
}

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
export abstract class Layer extends Module {
  readonly name: string
  readonly dtype: FloatDType
  readonly activityRegularizer: Regularizer | null
  /** The input shape it was built for; null before. */
  inputShape: Shape | null = null
  private readonly givenShape: Shape | null
  private readonly trainableWeights: boolean
  /** Of the weights; as functions, so that the Variables are found under their own names only. */
  private readonly penalties: (() => Tensor)[] = []
  private activityLosses: Tensor[] = []
  private activityCall = -1

  constructor(options: LayerOptions = {}) {
    super()
    const { name, inputShape, dtype = 'float32', trainable = true } = baseOptions(options)
    this.name = name ?? Layer.numbered(classNameOf(this))
    this.dtype = dtype
    this.trainableWeights = trainable
    this.activityRegularizer = getRegularizer(options.activityRegularizer)
    this.givenShape = inputShape ?? null
    if (inputShape !== undefined) checkInputShape(this.label, inputShape)
  }

  /** The next free name for a kind of layer. */
  protected static numbered(className: string): string {
    return numbered(className)
  }

  /** What a saved model calls this kind of layer: `Dense`. */
  abstract get className(): string

  /** Computes the output; the layer is built by then. */
  protected abstract call(x: Tensor): Tensor

  /** Whether building it makes Variables, so that it has no parameters before. */
  get hasWeights(): boolean {
    return false
  }

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

  /** Makes the weights for samples of this shape; called once. */
  build(_inputShape: Shape): void {}

  /** Shape of one output sample. Default: found by recording a call. */
  outputShape(inputShape: Shape): Shape {
    this.ensureBuilt(inputShape)
    const training = this.training
    this.training = false
    try {
      const sample = zeros([1, ...inputShape], { dtype: this.dtype })
      return noGrad(() => this.call(sample)).shape.slice(1)
    } finally {
      this.training = training
    }
  }

  /** Floating-point operations for one sample; a multiplication and an addition count as two. */
  flops(inputShape: Shape): number {
    return sizeOf(this.outputShape(inputShape))
  }

  /** Options in JSON form, for saved models; subclasses add theirs. */
  config(): Record<string, unknown> {
    const config: Record<string, unknown> = { name: this.name }
    const shape = this.inputShape ?? this.givenShape
    if (shape !== null) config.inputShape = [...shape]
    if (this.dtype !== 'float32') config.dtype = this.dtype
    if (!this.trainableWeights) config.trainable = false
    if (this.activityRegularizer !== null)
      config.activityRegularizer = regularizerConfig(this.activityRegularizer)
    return config
  }

  toJSON(): LayerConfig {
    return { className: this.className, config: this.config() }
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

  /** Makes a weight; what `regularizer` says of it is added to the loss. */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: Initializer,
    regularizer: Regularizer | null = null,
  ): Variable {
    this.checkMemory(name, shape)
    const values = initializer(shape)
    const made =
      values instanceof Tensor
        ? variable(values, { ...this.weightOptions(name) })
        : variable(values, { ...this.weightOptions(name), shape })
    if (!sameShape(made.shape, shape))
      throw shapeError(
        `initializer of ${this.name}/${name}`,
        formatShape(shape),
        formatShape(made.shape),
      )
    if (regularizer !== null) this.penalties.push(() => regularizer(made))
    return made
  }

  private checkMemory(name: string, shape: Shape): void {
    // The initialiser's numbers in float64, and the weight itself.
    const bytes = sizeOf(shape) * (8 + dtypes[this.dtype].bytes)
    if (bytes < 64 * 2 ** 20 || bytes <= availableMemory()) return
    throw new AthanorError('MEMORY', {
      operation: `building ${this.name}`,
      expected: `a ${name} that fits into memory`,
      received: `one of shape ${formatShape(shape)}`,
      fix: 'Use fewer units',
    })
  }

  private weightOptions(name: string) {
    return { name: `${this.name}/${name}`, dtype: this.dtype, trainable: this.trainableWeights }
  }

  protected addBuffer(name: string, shape: Shape, value: number): Variable {
    const values = new Float64Array(sizeOf(shape)).fill(value)
    return buffer(values, { name: `${this.name}/${name}`, dtype: this.dtype, shape })
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
    if (this.activityRegularizer !== null && this.training) this.keepActivity(y)
    return y
  }

  private keepActivity(y: Tensor): void {
    const now = currentCall()
    if (this.activityCall !== now) this.activityLosses = []
    this.activityCall = now
    this.activityLosses.push(mul(this.activityRegularizer!(y), 1 / Math.max(1, y.shape[0] ?? 1)))
  }

  override ownRegularizationLosses(): Tensor[] {
    const losses = [...this.activityLosses, ...this.penalties.map(penalty => penalty())]
    this.activityLosses = []
    return losses
  }

  override requireBuilt(operation: string): void {
    if (this.inputShape !== null || !this.hasWeights) return
    throw new AthanorError('STATE', {
      operation: `${operation} of ${this.label}`,
      expected: 'a layer that is built',
      received: 'one that does not know its input size yet',
      fix: 'Give inputShape, or call the layer once before',
    })
  }

  override get label(): string {
    return this.name
  }
}

/** What every layer's options are; a layer of somebody's own may hand on more, which are its own. */
function baseOptions(options: LayerOptions): LayerOptions {
  const own = Object.entries(options ?? {}).filter(([name]) =>
    Object.hasOwn(layerOptions.rows, name),
  )
  return layerOptions.check('layer', Object.fromEntries(own))
}

function classNameOf(layer: Layer): string {
  return layer.className
}

/** `[batch, 3]`. */
export function batched(sample: Shape): string {
  return `[${['batch', ...sample].join(', ')}]`
}

function checkInputShape(label: string, shape: Shape): void {
  if (Array.isArray(shape) && shape.every(n => Number.isInteger(n) && n > 0)) return
  throw shapeError(
    label,
    'an inputShape of whole numbers ≥ 1, without the batch',
    Array.isArray(shape) ? formatShape(shape) : String(shape),
  )
}
