// What LSTM and GRU share: gates, and their activation.

import {
  type ActivationFunction,
  activationConfig,
  getActivation,
  linear,
  sigmoid,
} from '../activations.js'
import type { GatedOptions } from './options.js'
import { RecurrentLayer } from './recurrent-layer.js'

/** The base of recurrent layers with gates. */
export abstract class GatedLayer extends RecurrentLayer {
  readonly recurrentActivation: ActivationFunction

  constructor(options: GatedOptions) {
    super(options)
    const { recurrentActivation = sigmoid } = options
    this.recurrentActivation = getActivation(recurrentActivation ?? linear)
  }

  protected override get isPlain(): boolean {
    return super.isPlain && this.recurrentActivation === sigmoid
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), recurrentActivation: activationConfig(this.recurrentActivation) }
  }
}
