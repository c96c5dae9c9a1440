// Searches over parameters, and over the threshold between two classes.

export { FixedThresholdClassifier } from './fixed-threshold-classifier.js'
export { GridSearchCV } from './grid-search-cv.js'
export {
  draw,
  type ParamDistributions,
  type ParamGrid,
  searchRangesOf,
} from './parameter-grid.js'
export { RandomizedSearchCV } from './randomized-search-cv.js'
export { TunedThresholdClassifierCV } from './tuned-threshold-classifier-cv.js'
