// Penalties added to the loss so that weights or activities stay small. Note that PyTorch's optimizers
// call λ/2 · Σw² "weight decay"; here, as in Keras, l2 is λ · Σw².

import { byName } from '../base/by-name.js'
import { argumentError } from '../base/errors.js'
import { OptionTable, refuseValue } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { abs, add, mul, square, sum } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'

/** A scalar penalty for a tensor. */
export interface Regularizer {
  (x: Tensor): Tensor
  /** What it is in saved models; absent from plain functions. */
  readonly config?: RegularizerConfig
}

/** A regulariser as JSON, as it stands in a model file. */
export interface RegularizerConfig {
  readonly l1: number
  readonly l2: number
}

const factor = numberIn({ min: 0 })

const penaltyOptions = new OptionTable<Partial<RegularizerConfig>>({ l1: factor, l2: factor })

/**
 * l1 · Σ|x| + l2 · Σx².
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, kernelRegularizer: regularizers.l1l2({ l1: 1e-5, l2: 1e-4 }) })
 * ```
 */
export function l1l2(options?: Partial<RegularizerConfig>): Regularizer {
  return penalty('l1l2', penaltyOptions.check('regularizers.l1l2', options))
}

function penalty(
  name: keyof typeof makers,
  { l1 = 0, l2 = 0 }: Partial<RegularizerConfig>,
): Regularizer {
  for (const value of [l1, l2])
    if (!factor.accepts(value)) refuseValue(`regularizers.${name}`, 'factor', factor, value)
  const measure = (x: Tensor): Tensor => {
    const first = l1 === 0 ? null : mul(sum(abs(x)), l1)
    const second = l2 === 0 ? null : mul(sum(square(x)), l2)
    if (first === null) return second ?? mul(sum(x), 0)
    return second === null ? first : add(first, second)
  }
  return Object.assign(measure, { config: { l1, l2 } })
}

/**
 * factor · Σ|x|. Default: 0.01.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, kernelRegularizer: regularizers.l1(1e-4) })
 * ```
 */
export function l1(factor = 0.01): Regularizer {
  return penalty('l1', { l1: factor })
}

/**
 * factor · Σx². Default: 0.01.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, kernelRegularizer: regularizers.l2(1e-4) })
 * ```
 */
export function l2(factor = 0.01): Regularizer {
  return penalty('l2', { l2: factor })
}

const makers = {
  l1: () => l1(),
  l2: () => l2(),
  l1l2: () => l1l2({ l1: 0.01, l2: 0.01 }),
}

/** A regulariser, its name (factors 0.01), or its factors. */
export type RegularizerLike = Regularizer | keyof typeof makers | Partial<RegularizerConfig>

/** @throws AthanorError ARGUMENT for an unknown name or a negative factor. */
export function getRegularizer(
  regularizer: RegularizerLike | null | undefined,
): Regularizer | null {
  if (regularizer === undefined || regularizer === null) return null
  if (typeof regularizer === 'function') return regularizer
  if (typeof regularizer === 'string') return byName('regularizer', regularizer, makers)()
  return l1l2(regularizer)
}

/** The regulariser as JSON; null for none. */
export function regularizerConfig(regularizer: Regularizer | null): RegularizerConfig | null {
  if (regularizer === null) return null
  if (regularizer.config !== undefined) return regularizer.config
  throw argumentError(
    'saving a layer',
    'regularisers of the library',
    'a plain function',
    'Use regularizers.* in models that are saved',
  )
}
