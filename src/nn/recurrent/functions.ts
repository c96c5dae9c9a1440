// Recurrent layers as functions, part of `layers`. Options and examples are those of the classes.

import { Masking, type MaskingOptions } from '../masking.js'
import { Bidirectional, type BidirectionalOptions } from './bidirectional.js'
import { GRU, type GRUOptions } from './gru.js'
import { LSTM, type LSTMOptions } from './lstm.js'
import { RepeatVector, type RepeatVectorOptions } from './repeat-vector.js'
import { SimpleRNN, type SimpleRNNOptions } from './simple-rnn.js'
import { TimeDistributed, type TimeDistributedOptions } from './time-distributed.js'

/**
 * Simple recurrence, h = tanh(x W + h R + b): [batch, steps, features] → [batch, units].
 *
 * @example
 * ```ts
 * layers.simpleRnn({ units: 16, returnSequences: true })
 * ```
 */
export const simpleRnn = (options: SimpleRNNOptions): SimpleRNN => new SimpleRNN(options)

/**
 * Long short-term memory: [batch, steps, features] → [batch, units]. With `returnState`, `apply` gives
 * [output, hidden, cell]; `apply([x, hidden, cell])` starts from such states.
 *
 * @example
 * ```ts
 * layers.lstm({ units: 64, inputShape: [50, 8] })
 * ```
 */
export const lstm = (options: LSTMOptions): LSTM => new LSTM(options)

/**
 * Gated recurrent units: [batch, steps, features] → [batch, units].
 *
 * @example
 * ```ts
 * layers.gru({ units: 64, returnSequences: true })
 * ```
 */
export const gru = (options: GRUOptions): GRU => new GRU(options)

/**
 * A recurrent layer and its copy in the other direction.
 *
 * @example
 * ```ts
 * layers.bidirectional({ layer: layers.gru({ units: 8 }), mergeMode: 'sum' })
 * ```
 */
export const bidirectional = (options: BidirectionalOptions): Bidirectional =>
  new Bidirectional(options)

/**
 * A layer applied to every step on its own.
 *
 * @example
 * ```ts
 * layers.timeDistributed({ layer: layers.dense({ units: 3 }) })
 * ```
 */
export const timeDistributed = (options: TimeDistributedOptions): TimeDistributed =>
  new TimeDistributed(options)

/**
 * [batch, features] → [batch, n, features].
 *
 * @example
 * ```ts
 * layers.repeatVector({ n: 3 })
 * ```
 */
export const repeatVector = (options: RepeatVectorOptions): RepeatVector =>
  new RepeatVector(options)

/**
 * Leaves out the steps whose features all equal `maskValue` (0).
 *
 * @example
 * ```ts
 * layers.masking({ maskValue: -1 })
 * ```
 */
export const masking = (options: MaskingOptions = {}): Masking => new Masking(options)
