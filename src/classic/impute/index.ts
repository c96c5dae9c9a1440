// Imputing: what stands in for missing values.

export { KNNImputer } from './knn-imputer.js'
export { MissingIndicator } from './missing-indicator.js'
export { SimpleImputer } from './simple-imputer.js'
