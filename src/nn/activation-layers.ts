// Activations as layers of their own.

import { noOptions, type OptionRows, OptionTable, required } from '../base/options.js'
import type { Shape } from '../base/shape.js'
import { sizeOf } from '../base/shape.js'
import { axisOption } from '../tensor/options.js'
import type { Tensor } from '../tensor/tensor.js'
import { eluOptions, geluOptions, leakyReluOptions, reluOptions } from './activation-options.js'
import * as activations from './activations.js'
import { someActivation } from './kinds.js'
import { Layer, type LayerOptions, layerOptions } from './layer.js'

/** An activation layer: its factory's name, its own options, and what it makes of them. */
function row<O extends object>(
  factory: string,
  own: OptionTable<O>,
  make: (options: O) => activations.ActivationFunction,
) {
  const rows = { ...layerOptions.rows, ...own.rows } as OptionRows<LayerOptions & O>
  const table = new OptionTable(rows)
  return { operation: `layers.${factory}`, own: Object.keys(own.rows), table, make }
}

/** The defaults are those of Keras 3's layers. */
const kinds = {
  ReLU: row('relu', reluOptions, options => x => activations.relu(x, options)),
  LeakyReLU: row('leakyRelu', leakyReluOptions, ({ negativeSlope = 0.3 }) => {
    return x => activations.leakyRelu(x, { negativeSlope })
  }),
  ELU: row('elu', eluOptions, options => x => activations.elu(x, options)),
  SELU: row('selu', noOptions, () => activations.selu),
  GELU: row('gelu', geluOptions, options => x => activations.gelu(x, options)),
  SiLU: row('silu', noOptions, () => activations.silu),
  Sigmoid: row('sigmoid', noOptions, () => activations.sigmoid),
  Tanh: row('tanh', noOptions, () => activations.tanh),
  Softplus: row('softplus', noOptions, () => activations.softplus),
  Softmax: row('softmax', axisOption, options => x => activations.softmax(x, options)),
}

export type ActivationLayerName = keyof typeof kinds

/** Options of an activation layer: its own and those of every layer. */
export type ActivationLayerOptions<K extends ActivationLayerName> = LayerOptions &
  Parameters<(typeof kinds)[K]['make']>[0]

function checked<K extends ActivationLayerName>(kind: K, options: ActivationLayerOptions<K>) {
  const { operation, table } = kinds[kind]
  return (table as OptionTable<LayerOptions>).check(operation, options)
}

/** A layer that applies one activation to each element (softmax: along an axis). */
export class ActivationLayer<K extends ActivationLayerName = ActivationLayerName> extends Layer {
  private readonly activation: activations.ActivationFunction
  private readonly own: Readonly<Record<string, unknown>>

  constructor(
    private readonly kind: K,
    options: ActivationLayerOptions<K>,
  ) {
    super({ ...checked(kind, options), name: options.name ?? Layer.numbered(kind) })
    const { own, make } = kinds[kind]
    this.own = Object.fromEntries(Object.entries(options).filter(([name]) => own.includes(name)))
    this.activation = make(this.own as never)
    this.buildIfKnown()
  }

  get className(): K {
    return this.kind
  }

  override get keepsSteps(): boolean {
    return true
  }

  protected call(x: Tensor): Tensor {
    return this.activation(x)
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), ...this.own }
  }
}

export interface ActivationOptions extends LayerOptions {
  readonly activation: activations.Activation
}

const activationOptions = new OptionTable<ActivationOptions>({
  ...layerOptions.rows,
  activation: required(someActivation),
})

/** A layer that applies a named activation or a plain function. */
export class Activation extends Layer {
  readonly activation: activations.ActivationFunction

  constructor(options: ActivationOptions) {
    super(activationOptions.check('layers.activation', options))
    this.activation = activations.getActivation(options.activation)
    this.buildIfKnown()
  }

  get className() {
    return 'Activation' as const
  }

  override get keepsSteps(): boolean {
    return true
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
