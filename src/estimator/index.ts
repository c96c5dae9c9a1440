// Estimators: their contract and the metrics they are judged by.

export type { Label, Labels } from '../base/label.js'
export {
  BaseClassifier,
  type ClassifierTraining,
  ProbabilisticClassifier,
} from './base-classifier.js'
export { BaseClusterer, BaseOutlierDetector } from './base-clusterer.js'
export {
  BaseEstimator,
  type Definition,
  defineEstimator,
  type Frame,
  restore,
  type Training,
} from './base-estimator.js'
export { BaseRegressor, type RegressorTraining } from './base-regressor.js'
export { BaseTransformer, type TransformerTraining } from './base-transformer.js'
export { type CheckName, checkEstimator, checkNames } from './checks/check-estimator.js'
export type { CheckedEstimator } from './checks/subject.js'
export type {
  AnyEstimator,
  Classifier,
  Clusterer,
  Estimator,
  EstimatorClass,
  EstimatorCore,
  EstimatorJson,
  FitOptions,
  FitProgress,
  MaybePromise,
  OutlierDetector,
  Regressor,
  ScoreOptions,
  Tags,
  Transformer,
} from './contract.js'
export {
  crossValPredict,
  crossValScore,
  type Fold,
  type FoldOptions,
  kFold,
} from './cross-validation.js'
export { estimatorFromJSON, registerEstimator } from './estimator-parameter.js'
export { likelyWrongLabels, likelyWrongNumbers, type Suspect } from './likely-wrong.js'
export type { Matrix, MatrixLike, RecordRow, TableLike } from './matrix.js'
export * as metrics from './metrics/index.js'
export {
  type Scorer,
  type ScorerContext,
  type ScorerName,
  type ScorerNeeds,
  type ScorerOutput,
  scorerNamed,
  scorers,
} from './scorers.js'
export { SparseMatrix } from './sparse.js'
export * from './splitters/index.js'
export * as state from './state.js'
export type { Targets } from './targets.js'
