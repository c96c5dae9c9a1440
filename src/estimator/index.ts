// Estimators: their contract, the metrics they are judged by, the baselines beside them.

export * from './baseline/index.js'
export { type CheckedEstimator, checkEstimator } from './check-estimator.js'
export type {
  Classifier,
  Estimator,
  EstimatorJson,
  FitOptions,
  MaybePromise,
  Regressor,
  Transformer,
} from './contract.js'
export {
  crossValPredict,
  crossValScore,
  type Fold,
  type FoldOptions,
  kFold,
} from './cross-validation.js'
export { likelyWrongLabels, likelyWrongNumbers, type Suspect } from './likely-wrong.js'
export type { Matrix, MatrixLike } from './matrix.js'
export * as metrics from './metrics/index.js'
