// Imputing: what stands in for missing values.

export { KNNImputer, type KNNImputerParams, knnImputerParameters } from './knn-imputer.js'
export {
  MissingIndicator,
  type MissingIndicatorParams,
  missingIndicatorParameters,
} from './missing-indicator.js'
export {
  SimpleImputer,
  type SimpleImputerParams,
  simpleImputerParameters,
} from './simple-imputer.js'
