// Initialisers that draw from one distribution whatever the shape, with Keras 3's defaults.

import { sizeOf } from '../../base/shape.js'
import { draws, fillNormal, fillUniform } from './draw.js'
import { type Initializer, type SeedOption, withConfig } from './initializer.js'

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

/**
 * Normal, mean 0 and standard deviation 0.05 by default.
 *
 * @example
 * ```ts
 * layers.dense({ units: 2, kernelInitializer: initializers.randomNormal({ stddev: 0.01 }) })
 * ```
 */
export function randomNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = options
  return withConfig('randomNormal', options, shape =>
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
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = options
  return withConfig('truncatedNormal', options, shape =>
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
export function randomUniform(options: UniformOptions = {}): Initializer {
  const { minval = -0.05, maxval = 0.05, seed } = options
  return withConfig('randomUniform', options, shape =>
    fillUniform(new Float64Array(sizeOf(shape)), draws(seed), minval, maxval),
  )
}
