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
export { FrameTransformer, TextTransformer } from './base-frame-transformer.js'
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
  Transformed,
  Transformer,
} from './contract.js'
export { estimatorFromJSON, registerEstimator } from './estimator-parameter.js'
export type { Fold } from './folds.js'
export {
  type PartialDependence,
  type PartialDependenceOptions,
  partialDependence,
} from './inspection/partial-dependence.js'
export {
  type PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './inspection/permutation-importance.js'
export { likelyWrongLabels, likelyWrongNumbers, type Suspect } from './likely-wrong.js'
export type {
  Cell,
  Features,
  FeaturesLike,
  Matrix,
  MatrixLike,
  RecordRow,
  TableLike,
} from './matrix.js'
export * as metrics from './metrics/index.js'
export { RawColumns } from './raw-columns.js'
export {
  type Scorer,
  type ScorerContext,
  type ScorerName,
  type ScorerNeeds,
  type ScorerOutput,
  scorerNamed,
  scorers,
} from './scorers.js'
export { type ScoreFunction, type Scoring, scorerOf } from './scoring.js'
export {
  type CrossValidateOptions,
  type CrossValidation,
  type CrossValPredictOptions,
  crossValidate,
  crossValPredict,
  crossValScore,
  type FoldingOptions,
} from './selection/cross-validate.js'
export {
  type LearningCurve,
  type LearningCurveOptions,
  learningCurve,
  type ValidationCurve,
  type ValidationCurveOptions,
  validationCurve,
} from './selection/curves.js'
export type { Cv } from './selection/cv.js'
export { SparseMatrix } from './sparse.js'
export * from './splitters/index.js'
export * as state from './state.js'
export type { Targets } from './targets.js'
export type { Texts } from './texts.js'
export { nestedParams, withParams } from './with-params.js'
