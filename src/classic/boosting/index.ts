// Gradient boosting, ours and that of others' files.

export { lightgbmFromText } from '../trees/read-lightgbm.js'
export type { ReadModelOptions } from '../trees/read-model.js'
export { xgboostFromJSON } from '../trees/read-xgboost.js'
export { HistGradientBoostingClassifier } from './hist-gradient-boosting-classifier.js'
export { HistGradientBoostingRegressor } from './hist-gradient-boosting-regressor.js'
