// Initialisers that keep the variance of signals: Glorot and Bengio 2010, He et al. 2015, LeCun 1998.
// Variance = scale / fan; uniform in ±√(3 · scale / fan), or normal cut at two deviations.

import { OptionTable } from '../../base/options.js'
import { sizeOf } from '../../base/shape.js'
import { numberIn, oneOf } from '../../base/value-kinds.js'
import { draws, fillNormal, fillUniform } from './draw.js'
import { fans, type Initializer, type SeedOption, seedOption, withConfig } from './initializer.js'

/** Standard deviation of a standard normal that is cut at ±2. */
const truncatedDeviation = 0.8796256610342398

const fanNames = ['fanIn', 'fanOut', 'fanAverage'] as const
const distributions = ['uniform', 'truncatedNormal', 'normal'] as const

type Fan = (typeof fanNames)[number]
type Distribution = (typeof distributions)[number]

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions extends SeedOption {
  /** Default: 1. */
  readonly scale?: number
  /** Default: 'fanIn'. */
  readonly mode?: Fan
  /** Default: 'truncatedNormal'. */
  readonly distribution?: Distribution
}

const varianceScalingOptions = new OptionTable<VarianceScalingOptions>({
  ...seedOption.rows,
  scale: numberIn({ above: 0 }),
  mode: oneOf(fanNames),
  distribution: oneOf(distributions),
})

function scaled(
  name: string,
  options: object,
  scale: number,
  mode: Fan,
  distribution: Distribution,
  seed: number | undefined,
): Initializer {
  return withConfig(name, options, shape => {
    const { fanIn, fanOut } = fans(shape)
    const fan = { fanIn, fanOut, fanAverage: (fanIn + fanOut) / 2 }[mode]
    const variance = scale / Math.max(1, fan)
    const values = new Float64Array(sizeOf(shape))
    const random = draws(seed)
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance)
      return fillUniform(values, random, -limit, limit)
    }
    if (distribution === 'normal') return fillNormal(values, random, 0, Math.sqrt(variance))
    return fillNormal(values, random, 0, Math.sqrt(variance) / truncatedDeviation, 2)
  })
}

/**
 * Variance scale / fan by the given fan and distribution.
 *
 * @example
 * ```ts
 * initializers.varianceScaling({ scale: 2, mode: 'fanOut', distribution: 'uniform' })
 * ```
 */
export function varianceScaling(options?: VarianceScalingOptions): Initializer {
  const given = varianceScalingOptions.check('initializers.varianceScaling', options)
  const { scale = 1, mode = 'fanIn', distribution = 'truncatedNormal', seed } = given
  return scaled('varianceScaling', given, scale, mode, distribution, seed)
}

function family(name: string, scale: number, mode: Fan, distribution: Distribution) {
  return (options?: SeedOption): Initializer => {
    const given = seedOption.check(`initializers.${name}`, options)
    return scaled(name, given, scale, mode, distribution, given.seed)
  }
}

/**
 * Uniform in ±√(6 / (fanIn + fanOut)). The default of dense kernels. Glorot and Bengio 2010.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, kernelInitializer: initializers.glorotUniform({ seed: 1 }) })
 * ```
 */
export const glorotUniform = family('glorotUniform', 1, 'fanAverage', 'uniform')
/**
 * Truncated normal with deviation √(2 / (fanIn + fanOut)).
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, kernelInitializer: 'glorotNormal' })
 * ```
 */
export const glorotNormal = family('glorotNormal', 1, 'fanAverage', 'truncatedNormal')
/**
 * Uniform in ±√(6 / fanIn), for relu. He et al. 2015.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, activation: 'relu', kernelInitializer: 'heUniform' })
 * ```
 */
export const heUniform = family('heUniform', 2, 'fanIn', 'uniform')
/**
 * Truncated normal with deviation √(2 / fanIn), for relu.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, activation: 'relu', kernelInitializer: 'heNormal' })
 * ```
 */
export const heNormal = family('heNormal', 2, 'fanIn', 'truncatedNormal')
/**
 * Uniform in ±√(3 / fanIn), for selu. LeCun et al. 1998.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, activation: 'selu', kernelInitializer: 'lecunUniform' })
 * ```
 */
export const lecunUniform = family('lecunUniform', 1, 'fanIn', 'uniform')
/**
 * Truncated normal with deviation √(1 / fanIn), for selu.
 *
 * @example
 * ```ts
 * layers.dense({ units: 8, activation: 'selu', kernelInitializer: 'lecunNormal' })
 * ```
 */
export const lecunNormal = family('lecunNormal', 1, 'fanIn', 'truncatedNormal')
