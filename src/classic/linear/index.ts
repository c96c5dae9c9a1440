// Linear models.

export { LogisticRegression } from './logistic-regression.js'
export { Ridge } from './ridge.js'
