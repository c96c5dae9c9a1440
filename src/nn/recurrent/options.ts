// The options that SimpleRNN, LSTM and GRU share.

import { OptionTable, required } from '../../base/options.js'
import { numberIn, orNull, trueOrFalse, wholeNumber } from '../../base/value-kinds.js'
import type { Activation } from '../activations.js'
import type { InitializerLike } from '../initializers/index.js'
import { someActivation, someInitializer, someRegularizer } from '../kinds.js'
import { type RandomLayerOptions, randomLayerOptions } from '../random-layer.js'
import type { RegularizerLike } from '../regularizers.js'

/** Options of every recurrent layer; defaults are Keras 3's. */
export interface RecurrentOptions extends RandomLayerOptions {
  /** Size of the state and of each step's output. */
  readonly units: number
  /** Of the new state. Default: tanh; any other is computed step by step. */
  readonly activation?: Activation | null
  /** Default: true. */
  readonly useBias?: boolean
  /** Of the weights [inputs, gates · units]. Default: glorotUniform. */
  readonly kernelInitializer?: InitializerLike
  /** Of the weights [units, gates · units]. Default: orthogonal. */
  readonly recurrentInitializer?: InitializerLike
  /** Default: zeros. */
  readonly biasInitializer?: InitializerLike
  readonly kernelRegularizer?: RegularizerLike | null
  readonly recurrentRegularizer?: RegularizerLike | null
  readonly biasRegularizer?: RegularizerLike | null
  /** Share of the inputs set to 0 in training, the same ones at every step of a row. Default: 0. */
  readonly dropout?: number
  /**
   * Share of the state set to 0 in training where it enters the recurrent product, the same at every step;
   * computed step by step. Default: 0.
   */
  readonly recurrentDropout?: number
  /** The output of every step, [batch, steps, units], instead of the last one's. Default: false. */
  readonly returnSequences?: boolean
  /**
   * The states after the last step too: `apply` and `forward` give [output, hidden] (LSTM: [output,
   * hidden, cell]). Default: false.
   */
  readonly returnState?: boolean
  /** From the last step to the first; outputs are in the order of computation. Default: false. */
  readonly goBackwards?: boolean
  /**
   * A batch goes on from the states in which the one before ended, row by row. `fit` begins each epoch, and
   * `evaluate` each pass, with zeros; `predict` and `trainOnBatch` go on until `resetStates()`. Default: false.
   */
  readonly stateful?: boolean
  /**
   * Step by step from elementary operations instead of one kernel: slower, but with derivatives of any
   * order. Default: false.
   */
  readonly unroll?: boolean
}

/** Options of cells with gates. */
export interface GatedOptions extends RecurrentOptions {
  /** Of the gates. Default: sigmoid; any other is computed step by step. */
  readonly recurrentActivation?: Activation | null
}

const share = numberIn({ min: 0, below: 1 })

export const recurrentOptions = new OptionTable<RecurrentOptions>({
  ...randomLayerOptions.rows,
  units: required(wholeNumber({ min: 1 })),
  activation: orNull(someActivation),
  useBias: trueOrFalse,
  kernelInitializer: someInitializer,
  recurrentInitializer: someInitializer,
  biasInitializer: someInitializer,
  kernelRegularizer: orNull(someRegularizer),
  recurrentRegularizer: orNull(someRegularizer),
  biasRegularizer: orNull(someRegularizer),
  dropout: share,
  recurrentDropout: share,
  returnSequences: trueOrFalse,
  returnState: trueOrFalse,
  goBackwards: trueOrFalse,
  stateful: trueOrFalse,
  unroll: trueOrFalse,
})

export const gatedOptions = new OptionTable<GatedOptions>({
  ...recurrentOptions.rows,
  recurrentActivation: orNull(someActivation),
})
