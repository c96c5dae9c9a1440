// Nets under scikit-learn's contract; `athanor/nn` has the layers they are made of.

export { MLPClassifier } from './mlp-classifier.js'
export { MLPRegressor } from './mlp-regressor.js'
