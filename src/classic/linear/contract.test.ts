import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { CheckedEstimator } from '../../estimator/checks/subject.js'
import type { EstimatorClass } from '../../estimator/contract.js'
import {
  ElasticNet,
  GammaRegressor,
  HuberRegressor,
  Lasso,
  LinearRegression,
  LogisticRegression,
  PoissonRegressor,
  Ridge,
  RidgeClassifier,
  SGDClassifier,
  SGDRegressor,
  TweedieRegressor,
} from './index.js'

const subjects: Record<string, EstimatorClass | CheckedEstimator> = {
  ElasticNet,
  GammaRegressor,
  HuberRegressor,
  Lasso,
  LinearRegression,
  'LinearRegression by gradient descent': {
    make: () => new LinearRegression({ solver: 'gradientDescent', maxIter: 50 }),
    fromJSON: LinearRegression.fromJSON,
  },
  LogisticRegression,
  'LogisticRegression by SAGA': {
    make: () => new LogisticRegression({ solver: 'saga', l1Ratio: 0.5 }),
    fromJSON: LogisticRegression.fromJSON,
  },
  'LogisticRegression by Newton': {
    make: () => new LogisticRegression({ solver: 'newtonCholesky' }),
    fromJSON: LogisticRegression.fromJSON,
  },
  PoissonRegressor,
  Ridge,
  RidgeClassifier,
  SGDClassifier,
  'SGDClassifier, averaged': {
    make: () => new SGDClassifier({ loss: 'logLoss', average: true, penalty: 'elasticnet' }),
    fromJSON: SGDClassifier.fromJSON,
  },
  SGDRegressor,
  TweedieRegressor,
}

test.each(Object.entries(subjects))('%s keeps the contract', async (_, subject) => {
  expect(await checkEstimator(subject)).toEqual([])
})
