// Feature selection: which features are worth keeping.

export type { MutualInfoScoreOptions } from './mutual-information.js'
export { mutualInfoClassif, mutualInfoRegression } from './mutual-information.js'
export { RFE } from './rfe.js'
export { type EliminationResult, RFECV } from './rfecv.js'
export { chi2, type FeatureScores, fClassif, fRegression } from './score-functions.js'
export { SelectFromModel } from './select-from-model.js'
export { SelectKBest } from './select-k-best.js'
export { SelectPercentile } from './select-percentile.js'
export type { ScoreName } from './univariate.js'
export { VarianceThreshold } from './variance-threshold.js'
