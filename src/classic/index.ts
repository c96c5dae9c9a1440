// scikit-learn's world: estimators, one a file, under one contract.

export * from '../estimator/index.js'
export * from './cluster/index.js'
export * from './dummy/index.js'
export * from './linear/index.js'
export * from './neural/index.js'
export * from './svm/index.js'
