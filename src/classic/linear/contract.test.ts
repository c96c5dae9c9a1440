import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { CheckedEstimator } from '../../estimator/checks/subject.js'
import { LinearRegression, LogisticRegression, SGDClassifier } from './index.js'

/** Other parameters than the defaults, which all-estimators.test.ts goes through. */
const subjects: Record<string, CheckedEstimator> = {
  'LinearRegression by gradient descent': {
    make: () => new LinearRegression({ solver: 'gradientDescent', maxIter: 50 }),
    fromJSON: LinearRegression.fromJSON,
  },
  'LogisticRegression by SAGA': {
    make: () => new LogisticRegression({ solver: 'saga', l1Ratio: 0.5 }),
    fromJSON: LogisticRegression.fromJSON,
  },
  'LogisticRegression by Newton': {
    make: () => new LogisticRegression({ solver: 'newtonCholesky' }),
    fromJSON: LogisticRegression.fromJSON,
  },
  'SGDClassifier, averaged': {
    make: () => new SGDClassifier({ loss: 'logLoss', average: true, penalty: 'elasticnet' }),
    fromJSON: SGDClassifier.fromJSON,
  },
}

test.each(Object.entries(subjects))('%s keeps the contract', async (_, subject) => {
  expect(await checkEstimator(subject)).toEqual([])
})
