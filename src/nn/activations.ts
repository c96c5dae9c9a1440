// Activation functions by name, with Keras 3's parameters and defaults.

import { byName } from '../base/by-name.js'
import { argumentError } from '../base/errors.js'
import * as ops from '../tensor/operations.js'
import type { AxisOption } from '../tensor/options.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  type EluOptions,
  eluOptions,
  type GeluOptions,
  geluOptions,
  type LeakyReluOptions,
  leakyReluOptions,
  type ReluOptions,
  reluOptions,
} from './activation-options.js'

export type { EluOptions, GeluOptions, LeakyReluOptions, ReluOptions }

/** A function of a tensor that keeps its shape. */
export type ActivationFunction = (x: Tensor) => Tensor

/**
 * x.
 *
 * @example
 * ```ts
 * activations.linear(tensor([-1, 2])) // [-1, 2]
 * ```
 */
export function linear(x: Tensor): Tensor {
  return x
}

/**
 * Rectified linear unit, max(x, 0) by default; with options
 * x above the threshold (cut at maxValue), negativeSlope · (x − threshold) below it.
 *
 * @example
 * ```ts
 * activations.relu(tensor([-1, 2, 9]), { maxValue: 6, negativeSlope: 0.1 }) // [-0.1, 2, 6]
 * ```
 */
export function relu(x: Tensor, options?: ReluOptions): Tensor {
  const {
    maxValue,
    negativeSlope = 0,
    threshold = 0,
  } = reluOptions.check('activations.relu', options)
  let positive: Tensor
  if (threshold === 0) positive = ops.relu(x)
  else positive = ops.where(ops.greater(x, threshold), x, 0)
  if (maxValue !== undefined) positive = ops.minimum(positive, maxValue)
  if (negativeSlope === 0) return positive
  const below = ops.relu(ops.sub(threshold, x))
  return ops.sub(positive, ops.mul(below, negativeSlope))
}

/**
 * x above 0, negativeSlope · x below (default 0.2, as Keras's function; its layer has 0.3).
 *
 * @example
 * ```ts
 * activations.leakyRelu(tensor([-1, 2])) // [-0.2, 2]
 * ```
 */
export function leakyRelu(x: Tensor, options?: LeakyReluOptions): Tensor {
  const { negativeSlope = 0.2 } = leakyReluOptions.check('activations.leakyRelu', options)
  return ops.where(ops.greater(x, 0), x, ops.mul(x, negativeSlope))
}

/**
 * min(max(x, 0), 6).
 *
 * @example
 * ```ts
 * activations.relu6(tensor([-1, 2, 9])) // [0, 2, 6]
 * ```
 */
export function relu6(x: Tensor): Tensor {
  return relu(x, { maxValue: 6 })
}

/**
 * x above 0, alpha · (eˣ − 1) below (default 1). Clevert et al. 2015.
 *
 * @example
 * ```ts
 * activations.elu(tensor([-1, 2])) // [-0.632, 2]
 * ```
 */
export function elu(x: Tensor, options?: EluOptions): Tensor {
  const { alpha = 1 } = eluOptions.check('activations.elu', options)
  const below = ops.expm1(ops.minimum(x, 0))
  return ops.where(ops.greater(x, 0), x, alpha === 1 ? below : ops.mul(below, alpha))
}

const seluAlpha = 1.6732632423543772
const seluScale = 1.0507009873554805

/**
 * Scaled elu that keeps mean 0 and variance 1. Klambauer et al. 2017.
 *
 * @example
 * ```ts
 * activations.selu(tensor([-1, 2])) // [-1.111, 2.101]
 * ```
 */
export function selu(x: Tensor): Tensor {
  return ops.mul(elu(x, { alpha: seluAlpha }), seluScale)
}

/**
 * x · Φ(x), Φ the normal distribution: exact by erf, or by tanh with `approximate`.
 * Hendrycks and Gimpel 2016.
 * @example
 * ```ts
 * activations.gelu(tensor([-1, 2])) // [-0.159, 1.954]
 * ```
 */
export function gelu(x: Tensor, options?: GeluOptions): Tensor {
  if (geluOptions.check('activations.gelu', options).approximate) {
    const cubic = ops.mul(ops.mul(ops.square(x), x), 0.044715)
    const inner = ops.mul(ops.add(x, cubic), Math.sqrt(2 / Math.PI))
    return ops.mul(ops.mul(x, 0.5), ops.add(ops.tanh(inner), 1))
  }
  return ops.mul(ops.mul(x, 0.5), ops.add(ops.erf(ops.mul(x, Math.SQRT1_2)), 1))
}

/**
 * x · sigmoid(x), also called swish.
 *
 * @example
 * ```ts
 * activations.silu(tensor([-1, 2])) // [-0.269, 1.762]
 * ```
 */
export function silu(x: Tensor): Tensor {
  return ops.mul(x, ops.sigmoid(x))
}

/**
 * 1 / (1 + e⁻ˣ).
 *
 * @example
 * ```ts
 * activations.sigmoid(tensor([0, 2])) // [0.5, 0.881]
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  return ops.sigmoid(x)
}

/**
 * Hyperbolic tangent.
 *
 * @example
 * ```ts
 * activations.tanh(tensor([0, 2])) // [0, 0.964]
 * ```
 */
export function tanh(x: Tensor): Tensor {
  return ops.tanh(x)
}

/**
 * log(1 + eˣ).
 *
 * @example
 * ```ts
 * activations.softplus(tensor([0, 2])) // [0.693, 2.127]
 * ```
 */
export function softplus(x: Tensor): Tensor {
  return ops.softplus(x)
}

/**
 * eˣ / Σeˣ along an axis (default: the last).
 *
 * @example
 * ```ts
 * activations.softmax(tensor([[0, 1]])) // [[0.269, 0.731]]
 * ```
 */
export function softmax(x: Tensor, options?: AxisOption): Tensor {
  return ops.softmax(x, options)
}

/**
 * log softmax along an axis (default: the last).
 *
 * @example
 * ```ts
 * activations.logSoftmax(tensor([[0, 1]])) // [[-1.313, -0.313]]
 * ```
 */
export function logSoftmax(x: Tensor, options?: AxisOption): Tensor {
  return ops.logSoftmax(x, options)
}

/**
 * x / (1 + |x|).
 *
 * @example
 * ```ts
 * activations.softsign(tensor([-1, 3])) // [-0.5, 0.75]
 * ```
 */
export function softsign(x: Tensor): Tensor {
  return ops.div(x, ops.add(ops.abs(x), 1))
}

/**
 * eˣ.
 *
 * @example
 * ```ts
 * activations.exponential(tensor([0, 1])) // [1, 2.718]
 * ```
 */
export function exponential(x: Tensor): Tensor {
  return ops.exp(x)
}

/**
 * relu6(x + 3) / 6.
 *
 * @example
 * ```ts
 * activations.hardSigmoid(tensor([-4, 0, 4])) // [0, 0.5, 1]
 * ```
 */
export function hardSigmoid(x: Tensor): Tensor {
  return ops.mul(relu6(ops.add(x, 3)), 1 / 6)
}

/**
 * x · tanh(softplus(x)). Misra 2019.
 *
 * @example
 * ```ts
 * activations.mish(tensor([-1, 2])) // [-0.303, 1.944]
 * ```
 */
export function mish(x: Tensor): Tensor {
  return ops.mul(x, ops.tanh(ops.softplus(x)))
}

const functions = {
  linear,
  relu,
  leakyRelu,
  relu6,
  elu,
  selu,
  gelu,
  silu,
  swish: silu,
  sigmoid,
  tanh,
  softplus,
  softmax,
  logSoftmax,
  softsign,
  exponential,
  hardSigmoid,
  mish,
} satisfies Record<string, ActivationFunction>

/** Names under which activations are found. */
export type ActivationName = keyof typeof functions

/** An activation: its name or a plain function. */
export type Activation = ActivationName | ActivationFunction

/**
 * The function of a name; functions are returned as they are.
 *
 * @throws AthanorError ARGUMENT for an unknown name.
 * @example
 * ```ts
 * activations.getActivation('relu')(tensor([-1, 2])) // [0, 2]
 * ```
 */
export function getActivation(activation: Activation): ActivationFunction {
  if (typeof activation === 'function') return activation
  return byName<ActivationFunction>('activation', activation, functions)
}

/**
 * The name a function is saved under.
 *
 * @throws AthanorError ARGUMENT for a function that is not the library's.
 */
export function activationConfig(activation: ActivationFunction): ActivationName {
  for (const [name, f] of Object.entries(functions))
    if (f === activation) return name as ActivationName
  throw argumentError(
    'saving a layer',
    'activations of the library',
    'a plain function',
    'Use activations by name in models that are saved',
  )
}
