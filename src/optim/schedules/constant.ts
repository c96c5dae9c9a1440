// A rate that stays, and one that changes at given steps.

import { argumentError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { listOf, numberIn } from '../../base/value-kinds.js'
import { type Schedule, someRate, withConfig } from '../schedule.js'

/** Options of `schedules.constant`. */
export interface ConstantOptions {
  readonly learningRate: number
}

const constantOptions = new OptionTable<ConstantOptions>({ learningRate: required(someRate) })

/**
 * Always the same rate.
 *
 * @example
 * ```ts
 * optim.adam({ learningRate: optim.schedules.constant({ learningRate: 0.01 }) })
 * ```
 */
export function constant(options: ConstantOptions): Schedule {
  const { learningRate: rate } = constantOptions.check('schedules.constant', options)
  return withConfig('constant', options, () => rate)
}

/** Options of `schedules.piecewiseConstant`. */
export interface PiecewiseConstantOptions {
  /** Rising steps; a boundary itself still has the value before it. */
  readonly boundaries: readonly number[]
  /** One more than there are boundaries. */
  readonly values: readonly number[]
}

const piecewiseConstantOptions = new OptionTable<PiecewiseConstantOptions>({
  boundaries: required(listOf(numberIn({ min: 0 }))),
  values: required(listOf(someRate, { min: 1 })),
})

/**
 * values[0] up to boundaries[0], then values[1], …
 *
 * @example
 * ```ts
 * schedules.piecewiseConstant({ boundaries: [1000, 5000], values: [0.1, 0.05, 0.01] })
 * ```
 */
export function piecewiseConstant(options: PiecewiseConstantOptions): Schedule {
  const operation = 'schedules.piecewiseConstant'
  const { boundaries, values } = piecewiseConstantOptions.check(operation, options)
  const rising = boundaries.every((b, i) => i === 0 || b > boundaries[i - 1])
  if (values.length !== boundaries.length + 1 || !rising)
    throw argumentError(
      operation,
      'rising boundaries and one value more',
      `${boundaries.length} boundaries and ${values.length} values`,
    )
  return withConfig('piecewiseConstant', options, iteration => {
    const before = boundaries.findIndex(boundary => iteration <= boundary)
    return values[before === -1 ? boundaries.length : before]
  })
}
