// A rate that stays, and one that changes at given steps.

import { argumentError } from '../../base/errors.js'
import { checkRate, type Schedule, withConfig } from '../schedule.js'

/**
 * Always the same rate.
 *
 * @example
 * ```ts
 * optim.adam({ learningRate: optim.schedules.constant({ learningRate: 0.01 }) })
 * ```
 */
export function constant(options: { readonly learningRate: number }): Schedule {
  const rate = checkRate('schedules.constant', options.learningRate)
  return withConfig('constant', options, () => rate)
}

/** Options of `schedules.piecewiseConstant`. */
export interface PiecewiseConstantOptions {
  /** Rising steps; a boundary itself still has the value before it. */
  readonly boundaries: readonly number[]
  /** One more than there are boundaries. */
  readonly values: readonly number[]
}

/**
 * values[0] up to boundaries[0], then values[1], …
 *
 * @example
 * ```ts
 * schedules.piecewiseConstant({ boundaries: [1000, 5000], values: [0.1, 0.05, 0.01] })
 * ```
 */
export function piecewiseConstant(options: PiecewiseConstantOptions): Schedule {
  const { boundaries, values } = options
  const rising = boundaries.every((b, i) => i === 0 || b > boundaries[i - 1])
  if (values.length !== boundaries.length + 1 || !rising)
    throw argumentError(
      'schedules.piecewiseConstant',
      'rising boundaries and one value more',
      `${boundaries.length} boundaries and ${values.length} values`,
    )
  for (const value of values) checkRate('schedules.piecewiseConstant', value)
  return withConfig('piecewiseConstant', options, iteration => {
    const before = boundaries.findIndex(boundary => iteration <= boundary)
    return values[before === -1 ? boundaries.length : before]
  })
}
