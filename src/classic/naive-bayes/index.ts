// Naive Bayes: features independent of each other within a class.

export { BernoulliNB } from './bernoulli-nb.js'
export { ComplementNB } from './complement-nb.js'
export { GaussianNB } from './gaussian-nb.js'
export { MultinomialNB } from './multinomial-nb.js'
