// What all layers share, whatever their inputs: a name, a type, weights, penalties and a JSON form.

import { availableMemory } from '#platform'
import { dtypes, type FloatDType } from '../base/dtype.js'
import { AthanorError, shapeError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../base/shape.js'
import { oneOf, orNull, someText, trueOrFalse } from '../base/value-kinds.js'
import { eagerly } from '../tensor/context.js'
import { mul } from '../tensor/operations.js'
import { Tensor } from '../tensor/tensor.js'
import { type Variable, variable } from '../tensor/variable.js'
import { buffer } from './buffer.js'
import type { Initializer } from './initializers/index.js'
import { someRegularizer } from './kinds.js'
import { numberedName } from './layer-names.js'
import { currentCall, Module } from './module.js'
import { type ModuleOutput, partsOfOutput } from './module-output.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from './regularizers.js'
import { takeNumbers } from './weight-allowance.js'

/** Options of every layer, whatever its inputs. */
export interface BaseLayerOptions {
  /** Default: the kind of layer, numbered from the second on (`dense`, `dense_1`). */
  readonly name?: string
  /** Element type of the weights. Default: float32. */
  readonly dtype?: FloatDType
  /** Whether the weights are learned. Default: true. */
  readonly trainable?: boolean
  /** Penalty of the layer's output, averaged over the batch. Default: none. */
  readonly activityRegularizer?: RegularizerLike | null
}

export const baseLayerOptions = new OptionTable<BaseLayerOptions>({
  name: someText,
  dtype: oneOf(['float32', 'float64']),
  trainable: trueOrFalse,
  activityRegularizer: orNull(someRegularizer),
})

/** A layer in a saved model. */
export interface LayerConfig {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

/**
 * The base of `Layer`, which takes one input, and of `MultiInputLayer`, which takes a list. Layers of
 * one's own extend one of these two.
 */
export abstract class BaseLayer<Output extends ModuleOutput = Tensor> extends Module<Output> {
  readonly name: string
  readonly dtype: FloatDType
  readonly activityRegularizer: Regularizer | null
  private readonly trainableWeights: boolean
  /** Of the weights; as functions, so that the Variables are found under their own names only. */
  private readonly penalties: (() => Tensor)[] = []
  private kernelPenalty: Regularizer | null = null
  private activityLosses: Tensor[] = []
  private activityCall = -1

  constructor(options: BaseLayerOptions = {}) {
    super()
    const { name, dtype = 'float32', trainable = true } = baseOptions(options)
    this.name = name ?? BaseLayer.numbered(classNameOf(this))
    this.dtype = dtype
    this.trainableWeights = trainable
    this.activityRegularizer = getRegularizer(options.activityRegularizer)
  }

  /** The next free name for a kind of layer. */
  protected static numbered(className: string): string {
    return numberedName(className)
  }

  /** What a saved model calls this kind of layer: `Dense`. */
  abstract get className(): string

  /** Whether building it makes Variables, so that it has no parameters before. */
  get hasWeights(): boolean {
    return false
  }

  abstract get built(): boolean

  abstract override builtShapes(): readonly Shape[] | null

  abstract override outputShapeOn(inputShapes: readonly Shape[]): Shape

  abstract override flopsOn(inputShapes: readonly Shape[]): number

  /** Options in JSON form, for saved models; subclasses add theirs. */
  config(): Record<string, unknown> {
    const config: Record<string, unknown> = { name: this.name }
    if (this.dtype !== 'float32') config.dtype = this.dtype
    if (!this.trainableWeights) config.trainable = false
    if (this.activityRegularizer !== null)
      config.activityRegularizer = regularizerConfig(this.activityRegularizer)
    return config
  }

  toJSON(): LayerConfig {
    return { className: this.className, config: this.config() }
  }

  override savedConfig(): LayerConfig {
    return this.toJSON()
  }

  /** Makes a weight; what `regularizer` says of it is added to the loss. */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: Initializer,
    regularizer: Regularizer | null = null,
  ): Variable {
    this.checkMemory(name, shape)
    const options = this.weightOptions(name)
    const made = eagerly(() => {
      const values = initializer(shape)
      return variable(values, values instanceof Tensor ? options : { ...options, shape })
    })
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
    takeNumbers(this.name, name, shape)
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
    this.checkMemory(name, shape)
    const values = new Float64Array(sizeOf(shape)).fill(value)
    return buffer(values, { name: `${this.name}/${name}`, dtype: this.dtype, shape })
  }

  /** Keeps what the activity regulariser says of an output in training, for the loss. */
  protected penalizeActivity(output: Output): void {
    if (this.activityRegularizer === null || !this.training) return
    const now = currentCall()
    if (this.activityCall !== now) this.activityLosses = []
    this.activityCall = now
    for (const y of partsOfOutput(output))
      this.activityLosses.push(mul(this.activityRegularizer(y), 1 / Math.max(1, y.shape[0] ?? 1)))
  }

  /** @internal Adds what a regulariser says of the layer's own kernels to the loss, beside what it was made with. */
  penalizeKernels(regularizer: Regularizer): void {
    this.kernelPenalty = regularizer
  }

  private kernelLosses(): Tensor[] {
    const { kernelPenalty } = this
    if (kernelPenalty === null) return []
    const own = [...this.namedParameters()].filter(([name]) => /^[^.]*kernel$/i.test(name))
    return own.map(([, kernel]) => kernelPenalty(kernel))
  }

  override ownRegularizationLosses(): Tensor[] {
    const penalties = this.penalties.map(penalty => penalty())
    const losses = [...this.activityLosses, ...penalties, ...this.kernelLosses()]
    this.activityLosses = []
    return losses
  }

  override requireBuilt(operation: string): void {
    if (this.built || !this.hasWeights) return
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
function baseOptions(options: BaseLayerOptions): BaseLayerOptions {
  const own = Object.entries(options ?? {}).filter(([name]) =>
    Object.hasOwn(baseLayerOptions.rows, name),
  )
  return baseLayerOptions.check('layer', Object.fromEntries(own))
}

function classNameOf(layer: { readonly className: string }): string {
  return layer.className
}

/** `[batch, 3]`. */
export function batched(sample: Shape): string {
  return `[${['batch', ...sample].join(', ')}]`
}

export function checkInputShape(label: string, shape: Shape): void {
  if (Array.isArray(shape) && shape.every(n => Number.isInteger(n) && n > 0)) return
  throw shapeError(
    label,
    'an inputShape of whole numbers ≥ 1, without the batch',
    Array.isArray(shape) ? formatShape(shape) : String(shape),
  )
}
