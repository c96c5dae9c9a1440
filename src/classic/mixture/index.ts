// Mixtures of distributions.

export { GaussianMixture } from './gaussian-mixture.js'
