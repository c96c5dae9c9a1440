// Ensembles of any estimators.

export { BaggingClassifier } from './bagging-classifier.js'
export { BaggingRegressor } from './bagging-regressor.js'
export { StackingClassifier } from './stacking-classifier.js'
export { StackingRegressor } from './stacking-regressor.js'
export { VotingClassifier } from './voting-classifier.js'
export { VotingRegressor } from './voting-regressor.js'
