// Initialisers that draw from one distribution whatever the shape, with Keras 3's defaults.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { sizeOf } from '../../base/shape.js'
import { numberIn } from '../../base/value-kinds.js'
import { draws, fillNormal, fillUniform } from './draw.js'
import { type Initializer, type SeedOption, seedOption, withConfig } from './initializer.js'

/** Options of `randomNormal` and `truncatedNormal`. */
export interface NormalOptions extends SeedOption {
  /** Default: 0. */
  readonly mean?: number
  /** Default: 0.05. */
  readonly stddev?: number
}

/** Options of `randomUniform`. */
export interface UniformOptions extends SeedOption {
  /** Default: −0.05. */
  readonly minval?: number
  /** Default: 0.05. */
  readonly maxval?: number
}

const normalOptions = new OptionTable<NormalOptions>({
  ...seedOption.rows,
  mean: numberIn(),
  stddev: numberIn({ min: 0 }),
})

const uniformOptions = new OptionTable<UniformOptions>({
  ...seedOption.rows,
  minval: numberIn(),
  maxval: numberIn(),
})

/**
 * Normal, mean 0 and standard deviation 0.05 by default.
 *
 * @example
 * ```ts
 * layers.dense({ units: 2, kernelInitializer: initializers.randomNormal({ stddev: 0.01 }) })
 * ```
 */
export function randomNormal(options?: NormalOptions): Initializer {
  const given = normalOptions.check('initializers.randomNormal', options)
  const { mean = 0, stddev = 0.05, seed } = given
  return withConfig('randomNormal', given, shape =>
    fillNormal(new Float64Array(sizeOf(shape)), draws(seed), mean, stddev),
  )
}

/**
 * Normal, where values beyond two standard deviations are drawn again.
 *
 * @example
 * ```ts
 * initializers.truncatedNormal({ stddev: 0.02, seed: 1 })([3, 4])
 * ```
 */
export function truncatedNormal(options?: NormalOptions): Initializer {
  const given = normalOptions.check('initializers.truncatedNormal', options)
  const { mean = 0, stddev = 0.05, seed } = given
  return withConfig('truncatedNormal', given, shape =>
    fillNormal(new Float64Array(sizeOf(shape)), draws(seed), mean, stddev, 2),
  )
}

/**
 * Uniform in [minval, maxval), by default [−0.05, 0.05).
 *
 * @example
 * ```ts
 * initializers.randomUniform({ minval: -1, maxval: 1 })([3, 4])
 * ```
 */
export function randomUniform(options?: UniformOptions): Initializer {
  const given = uniformOptions.check('initializers.randomUniform', options)
  const { minval = -0.05, maxval = 0.05, seed } = given
  if (minval > maxval)
    throw argumentError('initializers.randomUniform', 'minval ≤ maxval', `${minval} and ${maxval}`)
  return withConfig('randomUniform', given, shape =>
    fillUniform(new Float64Array(sizeOf(shape)), draws(seed), minval, maxval),
  )
}
