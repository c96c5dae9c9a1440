// Naive Bayes: features independent of each other within a class.

export {
  BernoulliNB,
  type BernoulliNBParams,
  bernoulliNBParameters,
} from './bernoulli-nb.js'
export {
  ComplementNB,
  type ComplementNBParams,
  complementNBParameters,
} from './complement-nb.js'
export { GaussianNB, type GaussianNBParams, gaussianNBParameters } from './gaussian-nb.js'
export {
  MultinomialNB,
  type MultinomialNBParams,
  multinomialNBParameters,
} from './multinomial-nb.js'
