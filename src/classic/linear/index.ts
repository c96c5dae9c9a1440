// Linear models.

export type { DescentTrace } from './descent-trace.js'
export { ElasticNet } from './elastic-net.js'
export {
  type CoefficientPath,
  type EnetPathOptions,
  enetPath,
  lassoPath,
  type PathOptions,
} from './elastic-net-path.js'
export { GammaRegressor } from './gamma-regressor.js'
export { HuberRegressor } from './huber-regressor.js'
export { Lasso } from './lasso.js'
export { LinearRegression } from './linear-regression.js'
export { LogisticRegression } from './logistic-regression.js'
export { PoissonRegressor } from './poisson-regressor.js'
export { Ridge } from './ridge.js'
export { RidgeClassifier } from './ridge-classifier.js'
export { SGDClassifier } from './sgd-classifier.js'
export { SGDRegressor } from './sgd-regressor.js'
export { TweedieRegressor } from './tweedie-regressor.js'
