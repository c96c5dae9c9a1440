// Feature selection: which features are worth keeping.

export type { MutualInfoScoreOptions } from './mutual-information.js'
export { mutualInfoClassif, mutualInfoRegression } from './mutual-information.js'
export { RFE, type RFEParams, rfeParameters } from './rfe.js'
export { type EliminationResult, RFECV, type RFECVParams, rfecvParameters } from './rfecv.js'
export { chi2, type FeatureScores, fClassif, fRegression } from './score-functions.js'
export {
  SelectFromModel,
  type SelectFromModelParams,
  selectFromModelParameters,
} from './select-from-model.js'
export { SelectKBest, type SelectKBestParams, selectKBestParameters } from './select-k-best.js'
export {
  SelectPercentile,
  type SelectPercentileParams,
  selectPercentileParameters,
} from './select-percentile.js'
export type { ScoreName } from './univariate.js'
export {
  VarianceThreshold,
  type VarianceThresholdParams,
  varianceThresholdParameters,
} from './variance-threshold.js'
