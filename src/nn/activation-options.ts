// Options of activation functions, which the layers of the same names share.

import { OptionTable } from '../base/options.js'
import { numberIn, trueOrFalse } from '../base/value-kinds.js'

/** Options of `relu`. */
export interface ReluOptions {
  /** Values above are cut to this. Default: no limit. */
  readonly maxValue?: number
  /** Slope below the threshold. Default: 0. */
  readonly negativeSlope?: number
  /** Values below count as negative. Default: 0. */
  readonly threshold?: number
}

export const reluOptions = new OptionTable<ReluOptions>({
  maxValue: numberIn({ min: 0 }),
  negativeSlope: numberIn({ min: 0 }),
  threshold: numberIn({ min: 0 }),
})

/** Options of `leakyRelu`. */
export interface LeakyReluOptions {
  /** Slope below 0. Default: 0.2. */
  readonly negativeSlope?: number
}

export const leakyReluOptions = new OptionTable<LeakyReluOptions>({
  negativeSlope: numberIn({ min: 0 }),
})

/** Options of `elu`. */
export interface EluOptions {
  /** Default: 1. */
  readonly alpha?: number
}

export const eluOptions = new OptionTable<EluOptions>({ alpha: numberIn({ min: 0 }) })

/** Options of `gelu`. */
export interface GeluOptions {
  /** By tanh instead of erf. Default: false. */
  readonly approximate?: boolean
}

export const geluOptions = new OptionTable<GeluOptions>({ approximate: trueOrFalse })
