// Models that don't look at the features: the bar for all others.

export { DummyClassifier } from './dummy-classifier.js'
export { DummyRegressor } from './dummy-regressor.js'
