// Gradient boosting.

export { HistGradientBoostingClassifier } from './hist-gradient-boosting-classifier.js'
export { HistGradientBoostingRegressor } from './hist-gradient-boosting-regressor.js'
