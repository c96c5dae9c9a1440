// Small layers that saved models may name.

import { ActivityRegularization } from './activity-regularization.js'
import { AlphaDropout } from './alpha-dropout.js'
import { GaussianDropout } from './gaussian-dropout.js'
import { GaussianNoise } from './gaussian-noise.js'
import { GroupNormalization } from './group-normalization.js'
import { Permute } from './permute.js'
import { RMSNormalization } from './rms-normalization.js'
import { SpatialDropout1D, SpatialDropout2D } from './spatial-dropout.js'
import { StochasticDepth } from './stochastic-depth.js'
import { UnitNormalization } from './unit-normalization.js'

export const smallLayers = {
  ActivityRegularization,
  AlphaDropout,
  GaussianDropout,
  GaussianNoise,
  GroupNormalization,
  Permute,
  RMSNormalization,
  SpatialDropout1D,
  SpatialDropout2D,
  StochasticDepth,
  UnitNormalization,
} as const
