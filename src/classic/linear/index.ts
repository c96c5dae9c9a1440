// Linear models.

export {
  LogisticRegression,
  type LogisticRegressionParams,
  logisticRegressionParameters,
} from './logistic-regression.js'
export { Ridge, type RidgeParams, ridgeParameters } from './ridge.js'
