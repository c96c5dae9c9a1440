// Initialisers without chance.

import { shapeError } from '../../base/errors.js'
import { noOptions, OptionTable } from '../../base/options.js'
import { formatShape, sizeOf } from '../../base/shape.js'
import { numberIn } from '../../base/value-kinds.js'
import { type Initializer, withConfig } from './initializer.js'

const constantOptions = new OptionTable<{ readonly value?: number }>({ value: numberIn() })
const identityOptions = new OptionTable<{ readonly gain?: number }>({ gain: numberIn() })

/**
 * The same value everywhere.
 *
 * @example
 * ```ts
 * layers.dense({ units: 2, biasInitializer: initializers.constant({ value: 0.1 }) })
 * ```
 */
export function constant(options?: { readonly value?: number }): Initializer {
  const given = constantOptions.check('initializers.constant', options)
  const { value = 0 } = given
  return withConfig('constant', given, shape => new Float64Array(sizeOf(shape)).fill(value))
}

/**
 * 0 everywhere.
 *
 * @example
 * ```ts
 * layers.dense({ units: 2, kernelInitializer: initializers.zeros() })
 * ```
 */
export function zeros(options?: object): Initializer {
  noOptions.check('initializers.zeros', options)
  return withConfig('zeros', {}, shape => new Float64Array(sizeOf(shape)))
}

/**
 * 1 everywhere.
 *
 * @example
 * ```ts
 * layers.dense({ units: 2, biasInitializer: 'ones' })
 * ```
 */
export function ones(options?: object): Initializer {
  noOptions.check('initializers.ones', options)
  return withConfig('ones', {}, shape => new Float64Array(sizeOf(shape)).fill(1))
}

/**
 * `gain` (1) on the diagonal of a matrix, 0 elsewhere.
 *
 * @example
 * ```ts
 * layers.dense({ units: 4, inputShape: [4], kernelInitializer: initializers.identity() })
 * ```
 */
export function identity(options?: { readonly gain?: number }): Initializer {
  const given = identityOptions.check('initializers.identity', options)
  const { gain = 1 } = given
  return withConfig('identity', given, shape => {
    if (shape.length !== 2)
      throw shapeError('initializers.identity', 'a matrix', formatShape(shape))
    const values = new Float64Array(sizeOf(shape))
    for (let i = 0; i < Math.min(shape[0], shape[1]); i++) values[i * shape[1] + i] = gain
    return values
  })
}
