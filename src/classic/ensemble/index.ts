// Ensembles of any estimators.

export {
  BaggingClassifier,
  type BaggingClassifierParams,
  baggingClassifierParameters,
} from './bagging-classifier.js'
export {
  BaggingRegressor,
  type BaggingRegressorParams,
  baggingRegressorParameters,
} from './bagging-regressor.js'
export {
  StackingClassifier,
  type StackingClassifierParams,
  stackingClassifierParameters,
} from './stacking-classifier.js'
export {
  StackingRegressor,
  type StackingRegressorParams,
  stackingRegressorParameters,
} from './stacking-regressor.js'
export {
  VotingClassifier,
  type VotingClassifierParams,
  votingClassifierParameters,
} from './voting-classifier.js'
export {
  VotingRegressor,
  type VotingRegressorParams,
  votingRegressorParameters,
} from './voting-regressor.js'
