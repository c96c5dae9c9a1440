// The models that stand beside every other one: dummies and linear models in plain float64.

export {
  DummyClassifier,
  type DummyClassifierParams,
  dummyClassifierParameters,
} from './dummy-classifier.js'
export {
  DummyRegressor,
  type DummyRegressorParams,
  dummyRegressorParameters,
} from './dummy-regressor.js'
export {
  LogisticRegression,
  type LogisticRegressionParams,
  logisticRegressionParameters,
} from './logistic-regression.js'
export { Ridge, type RidgeParams, ridgeParameters } from './ridge.js'
