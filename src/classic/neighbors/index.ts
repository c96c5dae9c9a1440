// Neighbours.

export { KNeighborsClassifier } from './k-neighbors-classifier.js'
export { KNeighborsRegressor } from './k-neighbors-regressor.js'
export { NearestNeighbors } from './nearest-neighbors.js'
