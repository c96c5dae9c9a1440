// scikit-learn's world: estimators, one a file, under one contract.

export * from '../estimator/index.js'
export * from './estimators.js'
export { allEstimators } from './register.js'
