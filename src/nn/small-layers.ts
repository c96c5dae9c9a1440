// Normalisations, noise and small layers as functions of `layers`. Options and examples are those of the
// classes.

import {
  ActivityRegularization,
  type ActivityRegularizationOptions,
} from './activity-regularization.js'
import { AlphaDropout, type AlphaDropoutOptions } from './alpha-dropout.js'
import { GaussianDropout, type GaussianDropoutOptions } from './gaussian-dropout.js'
import { GaussianNoise, type GaussianNoiseOptions } from './gaussian-noise.js'
import { GroupNormalization, type GroupNormalizationOptions } from './group-normalization.js'
import { Permute, type PermuteOptions } from './permute.js'
import { RMSNormalization, type RMSNormalizationOptions } from './rms-normalization.js'
import {
  SpatialDropout1D,
  SpatialDropout2D,
  type SpatialDropoutOptions,
} from './spatial-dropout.js'
import { StochasticDepth, type StochasticDepthOptions } from './stochastic-depth.js'
import { UnitNormalization, type UnitNormalizationOptions } from './unit-normalization.js'

/** Normalises each sample over groups of its channels and all places. */
export const groupNormalization = (options: GroupNormalizationOptions = {}): GroupNormalization =>
  new GroupNormalization(options)

/**
 * Normalises each channel of each sample over all places (Ulyanov et al. 2016): `groupNormalization` with
 * a group for each channel.
 *
 * @example
 * ```ts
 * layers.instanceNormalization({ epsilon: 1e-5 }).groups // -1
 * ```
 */
export const instanceNormalization = (
  options: Omit<GroupNormalizationOptions, 'groups'> = {},
): GroupNormalization =>
  new GroupNormalization(isPlain(options) ? { ...options, groups: -1 } : options)

const isPlain = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Divides each sample by its root mean square, and multiplies by a learned scale. */
export const rmsNormalization = (options: RMSNormalizationOptions = {}): RMSNormalization =>
  new RMSNormalization(options)

/** Scales vectors to length 1. */
export const unitNormalization = (options: UnitNormalizationOptions = {}): UnitNormalization =>
  new UnitNormalization(options)

/** Dropout of whole features of sequences. */
export const spatialDropout1d = (options: SpatialDropoutOptions): SpatialDropout1D =>
  new SpatialDropout1D(options)

/** Dropout of whole channels of pictures. */
export const spatialDropout2d = (options: SpatialDropoutOptions): SpatialDropout2D =>
  new SpatialDropout2D(options)

/** In training, adds normal noise. */
export const gaussianNoise = (options: GaussianNoiseOptions): GaussianNoise =>
  new GaussianNoise(options)

/** In training, multiplies by normal noise of mean 1. */
export const gaussianDropout = (options: GaussianDropoutOptions): GaussianDropout =>
  new GaussianDropout(options)

/** Dropout that keeps mean and variance behind SELU. */
export const alphaDropout = (options: AlphaDropoutOptions): AlphaDropout =>
  new AlphaDropout(options)

/** In training, drops a residual branch for whole samples. */
export const stochasticDepth = (options: StochasticDepthOptions): StochasticDepth =>
  new StochasticDepth(options)

/** A sample's axes in another order. */
export const permute = (options: PermuteOptions): Permute => new Permute(options)

/** Passes everything, and adds a penalty of it to the loss. */
export const activityRegularization = (
  options: ActivityRegularizationOptions = {},
): ActivityRegularization => new ActivityRegularization(options)
