// Gradient clipping, as in Keras: by value, by each parameter's norm, or by the norm of all together
// (Pascanu, Mikolov, Bengio 2013).

import { AthanorError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { numberIn } from '../base/value-kinds.js'
import { add, cast, clip, div, maximum, mul, sqrt, square, sum } from '../tensor/operations.js'
import type { Tensor } from '../tensor/tensor.js'

/** Bounds on the gradients before each step. */
export interface ClippingOptions {
  /** Each element is held within ±clipValue. Default: none. */
  readonly clipValue?: number
  /** Each parameter's gradient is scaled down to this norm. Default: none. */
  readonly clipNorm?: number
  /** All gradients are scaled down by one factor to this norm together. Default: none. */
  readonly globalClipNorm?: number
}

const limit = numberIn({ above: 0 })

export const clippingOptions = new OptionTable<ClippingOptions>({
  clipValue: limit,
  clipNorm: limit,
  globalClipNorm: limit,
})

/** Gradients after clipping; null stays null. */
export type Clipping = (gradients: readonly (Tensor | null)[]) => (Tensor | null)[]

/** @throws AthanorError ARGUMENT for more than one limit. */
export function clipping(options: ClippingOptions): Clipping | null {
  const given = (['clipValue', 'clipNorm', 'globalClipNorm'] as const).filter(
    name => options[name] !== undefined,
  )
  if (given.length === 0) return null
  if (given.length > 1)
    throw new AthanorError('ARGUMENT', {
      operation: 'optimizer',
      expected: 'at most one of clipValue, clipNorm and globalClipNorm',
      received: given.join(' and '),
    })
  const [kind] = given
  return kinds[kind](options[kind]!)
}

const kinds: Record<keyof ClippingOptions, (limit: number) => Clipping> = {
  clipValue: limit => gradients => gradients.map(g => g && clip(g, -limit, limit)),
  clipNorm: limit => gradients =>
    gradients.map(g => g && mul(g, div(limit, maximum(sqrt(sum(square(g))), limit)))),
  globalClipNorm: limit => gradients => {
    const squares = gradients.filter(g => g !== null).map(g => sum(square(g)))
    if (squares.length === 0) return [...gradients]
    const norm = sqrt(squares.reduce((a, b) => add(a, b)))
    const factor = div(limit, maximum(norm, limit))
    return gradients.map(g => g && mul(g, cast(factor, g.dtype)))
  },
}
