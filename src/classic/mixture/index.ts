// Mixtures of distributions.

export {
  GaussianMixture,
  type GaussianMixtureParams,
  gaussianMixtureParameters,
} from './gaussian-mixture.js'
