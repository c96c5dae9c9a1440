// Models that don't look at the features: the bar for all others.

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
