// Linear models.

export type { DescentTrace } from './descent-trace.js'
export { ElasticNet, type ElasticNetParams, elasticNetParameters } from './elastic-net.js'
export {
  type CoefficientPath,
  type EnetPathOptions,
  enetPath,
  lassoPath,
  type PathOptions,
} from './elastic-net-path.js'
export {
  GammaRegressor,
  type GammaRegressorParams,
  gammaRegressorParameters,
} from './gamma-regressor.js'
export {
  HuberRegressor,
  type HuberRegressorParams,
  huberRegressorParameters,
} from './huber-regressor.js'
export { Lasso, type LassoParams, lassoParameters } from './lasso.js'
export {
  LinearRegression,
  type LinearRegressionParams,
  linearRegressionParameters,
} from './linear-regression.js'
export {
  LogisticRegression,
  type LogisticRegressionParams,
  logisticRegressionParameters,
} from './logistic-regression.js'
export {
  PoissonRegressor,
  type PoissonRegressorParams,
  poissonRegressorParameters,
} from './poisson-regressor.js'
export { Ridge, type RidgeParams, ridgeParameters } from './ridge.js'
export {
  RidgeClassifier,
  type RidgeClassifierParams,
  ridgeClassifierParameters,
} from './ridge-classifier.js'
export {
  SGDClassifier,
  type SGDClassifierParams,
  sgdClassifierParameters,
} from './sgd-classifier.js'
export { SGDRegressor, type SGDRegressorParams, sgdRegressorParameters } from './sgd-regressor.js'
export {
  TweedieRegressor,
  type TweedieRegressorParams,
  tweedieRegressorParameters,
} from './tweedie-regressor.js'
