// Activations as layers of their own.

import type { Shape } from '../base/shape.js'
import { sizeOf } from '../base/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import * as activations from './activations.js'
import { Layer, type LayerOptions } from './layer.js'

/** What each activation layer makes of its options; the defaults are those of Keras 3's layers. */
const kinds = {
  ReLU: (options: activations.ReluOptions) => (x: Tensor) => activations.relu(x, options),
  LeakyReLU: (options: { readonly negativeSlope?: number }) => {
    const { negativeSlope = 0.3 } = options
    return (x: Tensor) => activations.leakyRelu(x, { negativeSlope })
  },
  ELU: (options: { readonly alpha?: number }) => (x: Tensor) => activations.elu(x, options),
  SELU: () => activations.selu,
  GELU: (options: { readonly approximate?: boolean }) => (x: Tensor) =>
    activations.gelu(x, options),
  SiLU: () => activations.silu,
  Sigmoid: () => activations.sigmoid,
  Tanh: () => activations.tanh,
  Softplus: () => activations.softplus,
  Softmax: (options: { readonly axis?: number }) => (x: Tensor) => activations.softmax(x, options),
} satisfies Record<string, (options: never) => activations.ActivationFunction>

export type ActivationLayerName = keyof typeof kinds

/** Options of an activation layer: its own and those of every layer. */
export type ActivationLayerOptions<K extends ActivationLayerName> = LayerOptions &
  (Parameters<(typeof kinds)[K]>[0] extends undefined
    ? unknown
    : NonNullable<Parameters<(typeof kinds)[K]>[0]>)

/** A layer that applies one activation to each element (softmax: along an axis). */
export class ActivationLayer<K extends ActivationLayerName = ActivationLayerName> extends Layer {
  private readonly apply: activations.ActivationFunction

  constructor(
    private readonly kind: K,
    private readonly options: ActivationLayerOptions<K>,
  ) {
    super({ ...options, name: options.name ?? Layer.numbered(kind) })
    this.apply = kinds[kind](options as never)
    this.buildIfKnown()
  }

  get className(): K {
    return this.kind
  }

  protected call(x: Tensor): Tensor {
    return this.apply(x)
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    const { name: _name, inputShape: _shape, activityRegularizer: _r, ...own } = this.options
    return { ...super.config(), ...own }
  }
}

export interface ActivationOptions extends LayerOptions {
  readonly activation: activations.Activation
}

/** A layer that applies a named activation or a plain function. */
export class Activation extends Layer {
  readonly activation: activations.ActivationFunction

  constructor(options: ActivationOptions) {
    super(options)
    this.activation = activations.getActivation(options.activation)
    this.buildIfKnown()
  }

  get className() {
    return 'Activation' as const
  }

  protected call(x: Tensor): Tensor {
    return this.activation(x)
  }

  override flops(inputShape: Shape): number {
    return sizeOf(inputShape)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), activation: activations.activationConfig(this.activation) }
  }
}
