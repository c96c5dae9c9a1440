// The fully connected layer: activation(x · kernel + bias).

import { shapeError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape, type Shape, sizeOf } from '../base/shape.js'
import { orNull, trueOrFalse, wholeNumber } from '../base/value-kinds.js'
import { add, matmul } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import {
  type Activation,
  type ActivationFunction,
  activationConfig,
  getActivation,
  linear,
} from './activations.js'
import {
  getInitializer,
  type Initializer,
  type InitializerLike,
  initializerConfig,
} from './initializers/index.js'
import { someActivation, someInitializer, someRegularizer } from './kinds.js'
import { batched, Layer, type LayerOptions, layerOptions } from './layer.js'
import {
  getRegularizer,
  type Regularizer,
  type RegularizerLike,
  regularizerConfig,
} from './regularizers.js'

export interface DenseOptions extends LayerOptions {
  /** Number of outputs. */
  readonly units: number
  /** Name or function. Default: none (linear). */
  readonly activation?: Activation | null
  /** Default: true. */
  readonly useBias?: boolean
  /** Default: glorotUniform. (PyTorch: uniform in ±1/√inputs.) */
  readonly kernelInitializer?: InitializerLike
  /** Default: zeros. */
  readonly biasInitializer?: InitializerLike
  readonly kernelRegularizer?: RegularizerLike | null
  readonly biasRegularizer?: RegularizerLike | null
}

const denseOptions = new OptionTable<DenseOptions>({
  ...layerOptions.rows,
  units: required(wholeNumber({ min: 1 })),
  activation: orNull(someActivation),
  useBias: trueOrFalse,
  kernelInitializer: someInitializer,
  biasInitializer: someInitializer,
  kernelRegularizer: orNull(someRegularizer),
  biasRegularizer: orNull(someRegularizer),
})

/**
 * activation(x · kernel + bias) for x of shape [batch, …, inputs]; kernel [inputs, units].
 *
 * @throws AthanorError ARGUMENT for units that are no whole number ≥ 1; SHAPE for inputs of another
 * size than it was built for.
 * @example
 * ```ts
 * const layer = layers.dense({ units: 64, activation: 'relu', inputShape: [32] })
 * layer.forward(random.normal([8, 32])).shape // [8, 64]
 * ```
 */
export class Dense extends Layer {
  readonly units: number
  readonly activation: ActivationFunction
  readonly useBias: boolean
  kernel: Variable | null = null
  bias: Variable | null = null
  private readonly kernelInitializer: Initializer
  private readonly biasInitializer: Initializer
  private readonly kernelRegularizer: Regularizer | null
  private readonly biasRegularizer: Regularizer | null

  constructor(options: DenseOptions) {
    super(denseOptions.check('layers.dense', options))
    this.units = options.units
    this.activation = getActivation(options.activation ?? linear)
    this.useBias = options.useBias ?? true
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform')
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros')
    this.kernelRegularizer = getRegularizer(options.kernelRegularizer)
    this.biasRegularizer = getRegularizer(options.biasRegularizer)
    this.buildIfKnown()
  }

  get className() {
    return 'Dense' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  override build(inputShape: Shape): void {
    if (inputShape.length === 0)
      throw shapeError(
        `layers.dense (${this.name})`,
        'inputs of shape [batch, features]',
        '[batch]',
        'Add an axis with expandDims(x, 1)',
      )
    const inputs = inputShape[inputShape.length - 1]
    const { units, kernelInitializer, kernelRegularizer, biasInitializer, biasRegularizer } = this
    this.kernel = this.addWeight('kernel', [inputs, units], kernelInitializer, kernelRegularizer)
    if (this.useBias) this.bias = this.addWeight('bias', [units], biasInitializer, biasRegularizer)
  }

  override get keepsSteps(): boolean {
    return true
  }

  protected call(x: Tensor): Tensor {
    const kernel = this.kernel!
    const { shape } = x
    const inputs = kernel.cell.leaf.shape[0]
    if (shape.length < 2 || shape[shape.length - 1] !== inputs)
      throw shapeError(
        `layers.dense (${this.name})`,
        `inputs of shape ${batched([inputs])}`,
        formatShape(shape),
        `Give it inputs of size ${inputs}, or set inputShape: ${formatShape(shape.slice(1))}`,
      )
    let y = matmul(x, kernel)
    if (this.bias !== null) y = add(y, this.bias)
    return this.activation === linear ? y : this.activation(y)
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape.slice(0, -1), this.units]
  }

  override flops(inputShape: Shape): number {
    const inputs = inputShape[inputShape.length - 1]
    const rows = sizeOf(inputShape) / inputs
    const extras = (this.useBias ? 1 : 0) + (this.activation === linear ? 0 : 1)
    return rows * this.units * (2 * inputs + extras)
  }

  override config(): Record<string, unknown> {
    return {
      ...super.config(),
      units: this.units,
      activation: activationConfig(this.activation),
      useBias: this.useBias,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
      kernelRegularizer: regularizerConfig(this.kernelRegularizer),
      biasRegularizer: regularizerConfig(this.biasRegularizer),
    }
  }
}
