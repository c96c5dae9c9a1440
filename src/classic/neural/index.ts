// Nets under scikit-learn's contract; `athanor/nn` has the layers they are made of.

export { MLPClassifier, mlpClassifierParameters } from './mlp-classifier.js'
export { type MlpParams, mlpParameters } from './mlp-parameters.js'
export { MLPRegressor, mlpRegressorParameters } from './mlp-regressor.js'
